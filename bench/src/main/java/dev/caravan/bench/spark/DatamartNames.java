package dev.caravan.bench.spark;

import java.util.List;

/** Names of the datamarts, as on the jobs' command lines. */
final class DatamartNames {
  static final String RECOMMENDATIONS = "add-to-friends-recommendations-dm";

  static final List<String> ALL =
      List.of("users-demographic-dm", "events-total-cnt-agg-wk-mnth-dm", RECOMMENDATIONS);

  private DatamartNames() {}
}
