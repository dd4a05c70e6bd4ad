package dev.caravan.cloud.yarn;

import dev.caravan.cloud.process.ConsoleLogging;
import dev.caravan.cloud.process.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a cluster of one node on one machine: what clients, the ResourceManager and
 * the NodeManager all read.
 *
 * @param directory holds yarn-site.xml and the others
 * @param rest where the ResourceManager answers
 */
record YarnConfiguration(Path directory, URI rest) {

  private static final String HOST = "127.0.0.1";

  /** Writes the files below this directory, for ports that are free now. */
  static YarnConfiguration write(Path directory) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf"));
    URI rest = URI.create("http://" + freeAddress());
    HadoopXml.write(
        conf.resolve("core-site.xml"),
        Map.of(
            "fs.defaultFS", "file:///", "hadoop.tmp.dir", directory.resolve("hadoop").toString()));
    HadoopXml.write(
        conf.resolve("capacity-scheduler.xml"),
        Map.of(
            "yarn.scheduler.capacity.root.queues", "default",
            "yarn.scheduler.capacity.root.default.capacity", "100",
            // Small applications are mostly master: the default tenth would let one run at a time.
            "yarn.scheduler.capacity.maximum-am-resource-percent", "1"));
    Map<String, String> site = new HashMap<>(resourceManager(rest));
    site.putAll(nodeManager(directory));
    HadoopXml.write(conf.resolve("yarn-site.xml"), site);
    // Beside them, since clients have a logging of their own.
    ConsoleLogging.write(Files.createDirectories(directory.resolve("logging")));
    return new YarnConfiguration(conf, rest);
  }

  private static String freeAddress() {
    return HOST + ":" + FreePort.find();
  }

  private static Map<String, String> resourceManager(URI rest) {
    return Map.ofEntries(
        Map.entry("yarn.resourcemanager.hostname", HOST),
        Map.entry("yarn.resourcemanager.address", freeAddress()),
        Map.entry("yarn.resourcemanager.scheduler.address", freeAddress()),
        Map.entry("yarn.resourcemanager.resource-tracker.address", freeAddress()),
        Map.entry("yarn.resourcemanager.admin.address", freeAddress()),
        Map.entry("yarn.resourcemanager.webapp.address", rest.getAuthority()),
        Map.entry("yarn.resourcemanager.am.max-attempts", "1"),
        // Containers are handed out at heartbeats, which come once a second by default.
        Map.entry("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "200"),
        Map.entry("yarn.scheduler.minimum-allocation-mb", "128"));
  }

  private static Map<String, String> nodeManager(Path directory) {
    String disks = "yarn.nodemanager.disk-health-checker.";
    return Map.ofEntries(
        Map.entry("yarn.nodemanager.hostname", HOST),
        Map.entry("yarn.nodemanager.address", HOST + ":0"),
        Map.entry("yarn.nodemanager.localizer.address", HOST + ":0"),
        Map.entry("yarn.nodemanager.webapp.address", HOST + ":0"),
        Map.entry("yarn.nodemanager.local-dirs", directory.resolve("local").toString()),
        Map.entry("yarn.nodemanager.log-dirs", directory.resolve("containers").toString()),
        Map.entry("yarn.nodemanager.resource.memory-mb", "6144"),
        Map.entry("yarn.nodemanager.resource.cpu-vcores", "8"),
        Map.entry("yarn.nodemanager.vmem-check-enabled", "false"),
        Map.entry("yarn.nodemanager.env-whitelist", String.join(",", inherited())),
        // On a disk nine tenths full the node would be UNHEALTHY, and applications wait for ever.
        Map.entry(disks + "max-disk-utilization-per-disk-percentage", "100"));
  }

  /** Variables of the NodeManager that its containers get, too. */
  private static List<String> inherited() {
    return List.of("JAVA_HOME", "PATH", "LANG", "LC_ALL", "SPARK_LOCAL_IP");
  }
}
