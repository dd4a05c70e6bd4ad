package dev.caravan.cloud.yandex;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * Describes a {@link YandexEmulator}. {@link #cluster} begins a cluster; what follows is about that
 * one.
 */
public final class YandexEmulatorBuilder {

  final Path directory;
  final Map<String, ClusterSettings> clusters = new LinkedHashMap<>();
  Clock clock = Clock.systemUTC();
  Duration tokenLife = Duration.ofHours(12);
  int pageLimit = 2;
  private String current = "";

  YandexEmulatorBuilder(Path directory) {
    this.directory = directory;
  }

  /**
   * Adds a cluster: STOPPED, localhost as its master, changing state within 50 ms, without a body.
   */
  public YandexEmulatorBuilder cluster(String id) {
    clusters.put(id, ClusterSettings.of(id));
    current = id;
    return this;
  }

  /**
   * The cluster's first status. RUNNING is healthy from the first moment, and does not start the
   * body.
   */
  public YandexEmulatorBuilder initially(Cluster.Status status) {
    return change(cluster -> cluster.initially(status));
  }

  /** From STARTING to RUNNING, or as long as the body needs if that is more. */
  public YandexEmulatorBuilder startTakes(Duration time) {
    return change(cluster -> cluster.startTakes(time));
  }

  /** From RUNNING to the first look whether the body is alive. */
  public YandexEmulatorBuilder healthTakes(Duration time) {
    return change(cluster -> cluster.healthTakes(time));
  }

  /** From STOPPING to STOPPED, or as long as the body needs if that is more. */
  public YandexEmulatorBuilder stopTakes(Duration time) {
    return change(cluster -> cluster.stopTakes(time));
  }

  /** What really starts and stops; the caller still closes it at the end. */
  public YandexEmulatorBuilder body(ClusterBody body) {
    return change(cluster -> cluster.body(body));
  }

  /** The master's host name in ListHosts. */
  public YandexEmulatorBuilder master(String hostName) {
    return change(cluster -> cluster.master(hostName));
  }

  /** How long IAM tokens are good; 12 hours if not said. */
  public YandexEmulatorBuilder tokensLive(Duration life) {
    tokenLife = life;
    return this;
  }

  /**
   * The most items in one page of a list; 2 if not said, so that a client that reads one page only
   * fails.
   */
  public YandexEmulatorBuilder pageLimit(int items) {
    pageLimit = items;
    return this;
  }

  /** Judges tokens and stamps what is recorded; delays run on real time. */
  public YandexEmulatorBuilder clock(Clock newClock) {
    clock = newClock;
    return this;
  }

  /** Starts the emulator. */
  public YandexEmulator build() {
    if (clusters.isEmpty()) {
      throw new IllegalStateException("an emulator needs a cluster: call cluster(id) first");
    }
    try {
      return new YandexEmulator(this);
    } catch (IOException e) {
      throw new UncheckedIOException("the local Yandex API could not be started", e);
    }
  }

  private YandexEmulatorBuilder change(UnaryOperator<ClusterSettings> change) {
    if (current.isEmpty()) {
      throw new IllegalStateException("call cluster(id) before what is about a cluster");
    }
    clusters.computeIfPresent(current, (id, settings) -> change.apply(settings));
    return this;
  }
}
