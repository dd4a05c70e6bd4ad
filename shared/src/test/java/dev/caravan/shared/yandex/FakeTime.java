package dev.caravan.shared.yandex;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/** A clock and a timer in a test's hands; what is due at once runs at once, on the same thread. */
final class FakeTime extends Clock implements TokenCache.Later {
  private record Timer(Instant at, FutureTask<Void> task) {}

  private final List<Timer> timers = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-22T03:00:00Z");

  @Override
  public Runnable run(Runnable task, Duration delay) {
    var timer = new Timer(now.plus(delay), new FutureTask<>(task, null));
    if (delay.isZero()) {
      timer.task().run();
    } else {
      timers.add(timer);
    }
    return () -> timer.task().cancel(false);
  }

  /** Time passes, timers go off. */
  void pass(Duration time) {
    Instant end = now.plus(time);
    for (Optional<Timer> next = nextUntil(end); next.isPresent(); next = nextUntil(end)) {
      timers.remove(next.get());
      now = next.get().at().isAfter(now) ? next.get().at() : now;
      next.get().task().run();
    }
    now = end;
  }

  /** Time passes as on a sleeping laptop: no timer goes off. */
  void sleepThrough(Duration time) {
    now = now.plus(time);
  }

  /** How long until the next timer goes off. */
  Duration nextTimer() {
    return Duration.between(now, nextUntil(Instant.MAX).orElseThrow().at());
  }

  boolean hasTimer() {
    return nextUntil(Instant.MAX).isPresent();
  }

  private Optional<Timer> nextUntil(Instant end) {
    return timers.stream()
        .filter(timer -> !timer.task().isCancelled() && !timer.at().isAfter(end))
        .min(Comparator.comparing(Timer::at));
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
