package dev.caravan.processors.traces;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A span of a trace.
 *
 * @param id 16 hexadecimal digits
 * @param parentId of the span that it is part of; empty: it is the root
 * @param attributes texts, longs and booleans by their names
 * @param failure why what it tells of failed, in words
 */
public record TraceSpan(
    String id,
    Optional<String> parentId,
    String name,
    Instant from,
    Instant until,
    Map<String, Object> attributes,
    Optional<String> failure) {

  public TraceSpan {
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }
}
