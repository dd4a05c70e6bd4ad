package dev.caravan.cloud.yandex;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Host;
import yandex.cloud.api.dataproc.v1.SubclusterOuterClass.Role;

/**
 * What a cluster is when the emulator begins.
 *
 * @param startTakes from STARTING to RUNNING
 * @param healthTakes from RUNNING to ALIVE
 * @param stopTakes from STOPPING to STOPPED
 * @param master the master host's name
 * @param computeHosts how many compute hosts it has
 */
record ClusterSettings(
    String id,
    Cluster.Status initially,
    Duration startTakes,
    Duration healthTakes,
    Duration stopTakes,
    ClusterBody body,
    String master,
    int computeHosts) {

  static ClusterSettings of(String id) {
    Duration soon = Duration.ofMillis(50);
    return new ClusterSettings(
        id, Cluster.Status.STOPPED, soon, soon, soon, ClusterBody.none(), "localhost", 2);
  }

  ClusterSettings initially(Cluster.Status value) {
    return new ClusterSettings(
        id, value, startTakes, healthTakes, stopTakes, body, master, computeHosts);
  }

  ClusterSettings startTakes(Duration value) {
    return new ClusterSettings(
        id, initially, value, healthTakes, stopTakes, body, master, computeHosts);
  }

  ClusterSettings healthTakes(Duration value) {
    return new ClusterSettings(
        id, initially, startTakes, value, stopTakes, body, master, computeHosts);
  }

  ClusterSettings stopTakes(Duration value) {
    return new ClusterSettings(
        id, initially, startTakes, healthTakes, value, body, master, computeHosts);
  }

  ClusterSettings body(ClusterBody value) {
    return new ClusterSettings(
        id, initially, startTakes, healthTakes, stopTakes, value, master, computeHosts);
  }

  ClusterSettings master(String value) {
    return new ClusterSettings(
        id, initially, startTakes, healthTakes, stopTakes, body, value, computeHosts);
  }

  /**
   * The compute hosts come first, so that a client that reads the first page only misses the
   * master.
   */
  List<Host> hosts() {
    List<Host> hosts = new ArrayList<>();
    for (int i = 1; i <= computeHosts; i++) {
      String name = "rc1a-dataproc-c-" + i + ".mdb.yandexcloud.net";
      hosts.add(Host.newBuilder().setName(name).setRole(Role.COMPUTENODE).build());
    }
    hosts.add(Host.newBuilder().setName(master).setRole(Role.MASTERNODE).build());
    return hosts;
  }
}
