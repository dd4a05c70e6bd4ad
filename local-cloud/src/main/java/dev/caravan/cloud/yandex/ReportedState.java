package dev.caravan.cloud.yandex;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * What the API says of a cluster: the truth, the truth of a while ago, or what it was told to say.
 */
final class ReportedState {

  private final EmulatedCluster cluster;
  private final Clock clock;
  private OptionalInt status = OptionalInt.empty();
  private OptionalInt health = OptionalInt.empty();
  private Duration lag = Duration.ZERO;

  ReportedState(EmulatedCluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /** Any number, so that clients meet values that their generated enum does not know. */
  synchronized void status(int number) {
    status = OptionalInt.of(number);
  }

  synchronized void health(int number) {
    health = OptionalInt.of(number);
  }

  synchronized void lag(Duration newLag) {
    lag = newLag;
  }

  synchronized void truth() {
    status = OptionalInt.empty();
    health = OptionalInt.empty();
    lag = Duration.ZERO;
  }

  synchronized Cluster message() {
    Cluster.Builder message = cluster.message().toBuilder();
    if (!lag.isZero()) {
      StatusChange change = trueAt(clock.instant().minus(lag));
      message.setStatus(change.status()).setHealth(change.health());
    }
    status.ifPresent(message::setStatusValue);
    health.ifPresent(message::setHealthValue);
    return message.build();
  }

  private StatusChange trueAt(Instant then) {
    List<StatusChange> timeline = cluster.timeline();
    return timeline.stream()
        .filter(change -> !change.at().isAfter(then))
        .reduce((earlier, later) -> later)
        .orElse(timeline.get(0));
  }
}
