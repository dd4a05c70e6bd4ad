package dev.caravan.cloud.demo;

import java.time.LocalDate;
import java.util.List;

/**
 * A datamart that the demo computes: the job's name and the columns that its output must have; none
 * where nobody knows them.
 */
public record Mart(String job, List<String> columns) {

  /** Those of the house, in the order in which they are computed. */
  public static final List<Mart> OURS =
      List.of(
          new Mart(
              "users-demographic-dm",
              List.of(
                  "user_id",
                  "act_city",
                  "home_city",
                  "local_time",
                  "travel_count",
                  "travel_array")),
          new Mart(
              "events-total-cnt-agg-wk-mnth-dm",
              List.of(
                  "zone_id",
                  "week",
                  "month",
                  "week_message",
                  "week_reaction",
                  "week_subscription",
                  "week_user",
                  "month_message",
                  "month_reaction",
                  "month_subscription",
                  "month_user")),
          new Mart(
              "add-to-friends-recommendations-dm",
              List.of("user_id", "rec_to_add_user_id", "processed_dttm", "zone_id", "local_time")));

  /** The one of the house by that name, or else one of which nothing is known but its name. */
  static Mart named(String job) {
    return OURS.stream()
        .filter(mart -> mart.job.equals(job))
        .findFirst()
        .orElseGet(() -> new Mart(job, List.of()));
  }

  /** Where its rows of a day lie in the lake's bucket. */
  String prefix(String date) {
    return "datamarts/" + job + "/date=" + date + "/";
  }

  String prefix(LocalDate date) {
    return prefix(date.toString());
  }
}
