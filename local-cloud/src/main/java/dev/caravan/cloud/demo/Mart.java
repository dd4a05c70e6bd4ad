package dev.caravan.cloud.demo;

import java.time.LocalDate;
import java.util.List;

/**
 * The datamarts that the demo computes, in order: the job's name and the columns that its output
 * must have.
 */
enum Mart {
  USERS_DEMOGRAPHIC(
      "users-demographic-dm",
      List.of("user_id", "act_city", "home_city", "local_time", "travel_count", "travel_array")),
  EVENTS_TOTAL(
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
  ADD_TO_FRIENDS(
      "add-to-friends-recommendations-dm",
      List.of("user_id", "rec_to_add_user_id", "processed_dttm", "zone_id", "local_time"));

  private final String job;
  private final List<String> columns;

  Mart(String job, List<String> columns) {
    this.job = job;
    this.columns = columns;
  }

  String job() {
    return job;
  }

  List<String> columns() {
    return columns;
  }

  /** Where its rows of a day lie in the lake's bucket. */
  String prefix(String date) {
    return "marts/" + job + "/date=" + date + "/";
  }

  String prefix(LocalDate date) {
    return prefix(date.toString());
  }

  static List<String> jobs() {
    return List.of(values()).stream().map(Mart::job).toList();
  }
}
