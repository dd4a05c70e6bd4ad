package dev.caravan.shared.yandex;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many calls of the cloud's API have failed, by call and by the code of the answer. A call that
 * gRPC itself tried again counts once. For use by many threads.
 */
public final class CloudErrors {
  /** In place of a code: the call was not sent, since there was no token for it. */
  static final String NO_TOKEN = "NO_TOKEN";

  private final Map<Failure, LongAdder> counts = new ConcurrentHashMap<>();

  /** Nothing has failed yet; of each call the usual failures are counted from 0 on. */
  public CloudErrors() {
    for (CloudCall call : CloudCall.values()) {
      for (String code : new String[] {"UNAVAILABLE", "PERMISSION_DENIED", NO_TOKEN}) {
        counts.put(new Failure(call, code), new LongAdder());
      }
    }
  }

  /**
   * What failed.
   *
   * @param code of gRPC, or {@link #NO_TOKEN}
   */
  public record Failure(CloudCall call, String code) implements Comparable<Failure> {
    @Override
    public int compareTo(Failure other) {
      int byCall = call.compareTo(other.call);
      return byCall == 0 ? code.compareTo(other.code) : byCall;
    }
  }

  void count(CloudCall call, String code) {
    counts.computeIfAbsent(new Failure(call, code), first -> new LongAdder()).increment();
  }

  /** The counts, in order. */
  public Map<Failure, Long> counts() {
    Map<Failure, Long> all = new TreeMap<>();
    counts.forEach((failure, count) -> all.put(failure, count.sum()));
    return all;
  }
}
