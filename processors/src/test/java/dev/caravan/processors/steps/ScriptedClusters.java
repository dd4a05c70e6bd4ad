package dev.caravan.processors.steps;

import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.cloud.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A cloud whose every answer a test sets, for states that have to be exact. It remembers the starts
 * and stops that it was asked for, refused ones too.
 */
class ScriptedClusters implements Clusters {
  final List<String> asked = new ArrayList<>();
  private ClusterStatus status = ClusterStatus.STOPPED;
  private ClusterHealth health = ClusterHealth.UNKNOWN;
  private Supplier<Cluster> look;
  private Supplier<Operation> start = () -> operation(false, Optional.empty());
  private Supplier<Operation> stop = () -> operation(false, Optional.empty());
  private Operation operation = operation(false, Optional.empty());
  private Optional<String> masterHost = Optional.of("127.0.0.1");

  static Operation operation(boolean done, Optional<String> error) {
    return new Operation("op-1", done, error);
  }

  ScriptedClusters is(ClusterStatus next) {
    return is(next, ClusterHealth.UNKNOWN);
  }

  ScriptedClusters is(ClusterStatus next, ClusterHealth nextHealth) {
    status = next;
    health = nextHealth;
    look = null;
    return this;
  }

  ScriptedClusters looksFail(RuntimeException failure) {
    look =
        () -> {
          throw failure;
        };
    return this;
  }

  ScriptedClusters startsFail(RuntimeException failure) {
    start =
        () -> {
          throw failure;
        };
    return this;
  }

  ScriptedClusters stopsFail(RuntimeException failure) {
    stop =
        () -> {
          throw failure;
        };
    return this;
  }

  ScriptedClusters stopsSucceed() {
    stop = () -> operation(false, Optional.empty());
    return this;
  }

  ScriptedClusters operationIs(boolean done, Optional<String> error) {
    operation = operation(done, error);
    return this;
  }

  ScriptedClusters masterIs(Optional<String> host) {
    masterHost = host;
    return this;
  }

  @Override
  public Cluster look(String clusterId) {
    return look == null ? new Cluster(clusterId, status, health) : look.get();
  }

  @Override
  public Operation start(String clusterId) {
    asked.add("start " + clusterId);
    return start.get();
  }

  @Override
  public Operation stop(String clusterId) {
    asked.add("stop " + clusterId);
    return stop.get();
  }

  @Override
  public Operation operation(String operationId) {
    return operation;
  }

  @Override
  public Optional<String> masterHost(String clusterId) {
    return masterHost;
  }

  @Override
  public void close() {}
}
