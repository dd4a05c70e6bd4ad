package dev.caravan.routes.settings;

import java.util.List;

/**
 * The keys of the time when a settings file had one pipeline and one cluster. They are refused with
 * a sentence that says where they went; {@link Migration} reads them.
 */
final class FormerKeys {
  private static final String CLUSTER = "caravan.cluster.";
  private static final String ENDPOINT = "caravan.endpoint.";
  private static final List<String> PIPELINE_GROUPS = List.of("caravan.job.", "caravan.schedule.");
  private static final List<String> PIPELINE_KEYS = List.of("caravan.jobs", "caravan.pipeline");

  private FormerKeys() {}

  /** Whether it is set in a pipeline's file now. */
  static boolean isOfPipeline(String key) {
    return PIPELINE_KEYS.contains(key) || PIPELINE_GROUPS.stream().anyMatch(key::startsWith);
  }

  /** Whether a cluster's name is part of it now. */
  static boolean isOfCluster(String key) {
    return key.startsWith(ENDPOINT)
        || key.startsWith(CLUSTER) && key.indexOf('.', CLUSTER.length()) < 0;
  }

  /** What a key of a cluster is called now, if that cluster is called so. */
  static String named(String key, String cluster) {
    return key.startsWith(ENDPOINT)
        ? CLUSTER + cluster + ".endpoint." + key.substring(ENDPOINT.length())
        : CLUSTER + cluster + "." + key.substring(CLUSTER.length());
  }
}
