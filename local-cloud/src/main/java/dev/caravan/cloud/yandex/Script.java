package dev.caravan.cloud.yandex;

import io.grpc.Status;
import java.time.Duration;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.Common.Health;

/**
 * Tells the running emulator how to behave from now on. Calls of all clusters share their faults;
 * the rest is about one cluster. Every method may be called from any thread at any time and returns
 * this script.
 */
public final class Script {

  private final CallFaults faults;
  private final IssuedTokens tokens;
  private final EmulatedCluster cluster;
  private final ReportedState reported;

  Script(CallFaults faults, IssuedTokens tokens, EmulatedClusters.Entry entry) {
    this.faults = faults;
    this.tokens = tokens;
    this.cluster = entry.cluster();
    this.reported = entry.reported();
  }

  /** The next calls of this kind, this many, fail with the status and have no effect. */
  public Script fail(Rpc rpc, Status status, int times) {
    faults.add(rpc, new CallFaults.Fault.Fails(status), times);
    return this;
  }

  /** The next calls of this kind, this many, have no effect and are never answered. */
  public Script hang(Rpc rpc, int times) {
    faults.add(rpc, new CallFaults.Fault.Hangs(), times);
    return this;
  }

  /** The next calls of this kind, this many, have their effect, but the client sees UNAVAILABLE. */
  public Script loseAnswer(Rpc rpc, int times) {
    Status seen = Status.UNAVAILABLE.withDescription("Connection reset by peer");
    faults.add(rpc, new CallFaults.Fault.LosesAnswer(seen), times);
    return this;
  }

  /** Every call of this kind takes this much longer; zero ends it. */
  public Script delay(Rpc rpc, Duration delay) {
    faults.delay(rpc, delay);
    return this;
  }

  /** Forgets the faults and delays of calls that are still to come. */
  public Script answerNormally() {
    faults.clear();
    return this;
  }

  /** Tokens issued from now on are good for this long. */
  public Script tokensLive(Duration life) {
    tokens.live(life);
    return this;
  }

  /** No token issued so far is good any more. */
  public Script revokeTokens() {
    tokens.revokeAll();
    return this;
  }

  /**
   * From the next start on: STARTING lasts this long, or as long as the body needs if that is more.
   */
  public Script startTakes(Duration time) {
    cluster.settings(cluster.settings().startTakes(time));
    return this;
  }

  /** From the next start on: RUNNING lasts this long before the health can be ALIVE. */
  public Script healthTakes(Duration time) {
    cluster.settings(cluster.settings().healthTakes(time));
    return this;
  }

  /**
   * From the next stop on: STOPPING lasts this long, or as long as the body needs if that is more.
   */
  public Script stopTakes(Duration time) {
    cluster.settings(cluster.settings().stopTakes(time));
    return this;
  }

  /** The next start or stop is accepted, and its operation then goes wrong. */
  public Script failNextOperation(OperationFailure failure) {
    cluster.failNextOperation(failure);
    return this;
  }

  /**
   * The cluster is in this status and health, suddenly and truly; an operation under way never
   * ends.
   */
  public Script become(Cluster.Status status, Health health) {
    cluster.become(status, health);
    return this;
  }

  /** Somebody else starts the cluster: no call of ours, but an operation. It must be STOPPED. */
  public Script startedBySomebody() {
    cluster.start();
    return this;
  }

  /** Somebody else stops the cluster: no call of ours, but an operation. It must be RUNNING. */
  public Script stoppedBySomebody() {
    cluster.stop();
    return this;
  }

  /**
   * Accepts Stop in this status too. The service does not say in which it does; by default only in
   * RUNNING.
   */
  public Script stoppableWhen(Cluster.Status status) {
    cluster.stoppableWhen(status);
    return this;
  }

  /** Get says this status number, known to the API or not, whatever the truth is. */
  public Script reportStatus(int number) {
    reported.status(number);
    return this;
  }

  /** Get says this health number, known to the API or not, whatever the truth is. */
  public Script reportHealth(int number) {
    reported.health(number);
    return this;
  }

  /** Get says what was true this long ago, so that the status lags behind the operation. */
  public Script reportLags(Duration lag) {
    reported.lag(lag);
    return this;
  }

  /** Get says the truth again. */
  public Script reportTruth() {
    reported.truth();
    return this;
  }
}
