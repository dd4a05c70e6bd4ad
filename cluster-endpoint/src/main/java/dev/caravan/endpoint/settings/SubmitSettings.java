package dev.caravan.endpoint.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a batch is started with, whatever its request says.
 *
 * @param sparkSubmit the program
 * @param master Spark master, forced
 * @param deployMode {@code client} or {@code cluster}, forced
 * @param allowedFiles prefixes that file, jars, pyFiles, files and archives must match
 * @param eventLogs prefixes under which a request may put Spark's event log; normally none
 * @param proxyUsers users a request may act for; normally none
 * @param forcedConf Spark settings a request can't override
 */
public record SubmitSettings(
    Path sparkSubmit,
    String master,
    String deployMode,
    List<String> allowedFiles,
    List<String> eventLogs,
    List<String> proxyUsers,
    Map<String, String> forcedConf) {

  /** Whether drivers run in the cluster and not as spark-submit's own process. */
  public boolean clusterMode() {
    return deployMode.equals("cluster");
  }

  static SubmitSettings from(SettingsSource source) {
    source.required("endpoint.allowed-files");
    return new SubmitSettings(
        source
            .path("endpoint.spark-submit")
            .orElse(Path.of("/usr/bin/spark-submit"))
            .toAbsolutePath(),
        source.text("endpoint.master", "yarn"),
        source.oneOf("endpoint.deploy-mode", "client", "client", "cluster"),
        source.places("endpoint.allowed-files"),
        source.places("endpoint.event-logs"),
        source.list("endpoint.proxy-users"),
        Map.copyOf(source.below("endpoint.forced-conf.")));
  }
}
