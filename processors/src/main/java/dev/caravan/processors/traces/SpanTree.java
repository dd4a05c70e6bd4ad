package dev.caravan.processors.traces;

import dev.caravan.shared.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spans of one trace while they are collected. A span's id follows from the trace's and from
 * what the span is about, so that a trace that is sent twice is the same trace. For one thread.
 */
final class SpanTree {
  private static final int HEX_DIGITS = 16;

  private final String traceId;
  private final List<TraceSpan> spans = new ArrayList<>();

  SpanTree(String traceId) {
    this.traceId = traceId;
  }

  /** A span that others may be put into. */
  record Node(String id, Instant from, Instant until) {
    /** Whether something of this span of time is within it. */
    boolean meets(Instant begin, Instant end) {
      return !begin.isAfter(until) && !end.isBefore(from);
    }
  }

  /**
   * Adds the root.
   *
   * @param key what it is about
   */
  Node root(
      String key,
      String name,
      Instant from,
      Instant until,
      Map<String, Object> attributes,
      Optional<String> failure) {
    return add(key, Optional.empty(), name, from, until, attributes, failure);
  }

  /**
   * Adds a span, cut to what is within its parent.
   *
   * @param key what it is about, different for each
   * @return empty if nothing of it is within
   */
  Optional<Node> child(
      Node parent,
      String key,
      String name,
      Instant from,
      Instant until,
      Map<String, Object> attributes,
      Optional<String> failure) {
    if (until.isBefore(from) || !parent.meets(from, until)) {
      return Optional.empty();
    }
    Instant begin = from.isBefore(parent.from()) ? parent.from() : from;
    Instant end = until.isAfter(parent.until()) ? parent.until() : until;
    return Optional.of(add(key, Optional.of(parent.id()), name, begin, end, attributes, failure));
  }

  private Node add(
      String key,
      Optional<String> parent,
      String name,
      Instant from,
      Instant until,
      Map<String, Object> attributes,
      Optional<String> failure) {
    String id = Sha256.hex(traceId + " " + key).substring(0, HEX_DIGITS);
    spans.add(new TraceSpan(id, parent, name, from, until, attributes, failure));
    return new Node(id, from, until);
  }

  List<TraceSpan> spans() {
    return List.copyOf(spans);
  }
}
