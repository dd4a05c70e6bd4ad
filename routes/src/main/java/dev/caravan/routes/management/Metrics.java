package dev.caravan.routes.management;

import dev.caravan.processors.cost.ClusterCost;
import dev.caravan.processors.cost.MonthCost;
import dev.caravan.processors.cost.Phase;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.cost.Rate;
import dev.caravan.processors.cost.Spent;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Notification;
import dev.caravan.processors.journal.Statistics;
import dev.caravan.routes.api.ResponseCounts;
import dev.caravan.routes.management.MetricsText.Type;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.shared.yandex.CloudErrors;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of this installation. All but those of the API and of the cloud's API are read from
 * the journal when they are asked for, so that they equal it, whichever process wrote it, and
 * survive restarts. For use by many threads.
 */
final class Metrics {
  private static final Prices NO_PRICES = new Prices("", Rate.NONE, Rate.NONE, Rate.NONE);
  private static final int MILLIS = 3;

  private final Journal journal;
  private final List<NamedCluster> clusters;
  private final ResponseCounts api;
  private final CloudErrors cloud;
  private final Clock clock;

  Metrics(
      Journal journal,
      List<NamedCluster> clusters,
      ResponseCounts api,
      CloudErrors cloud,
      Clock clock) {
    this.journal = journal;
    this.clusters = List.copyOf(clusters);
    this.api = api;
    this.cloud = cloud;
    this.clock = clock;
  }

  /** As Prometheus scrapes them. */
  String text() {
    MetricsText text = new MetricsText();
    Instant now = clock.instant();
    Statistics.Figures figures = journal.statistics().read();
    runs(text, figures);
    queues(text, figures, now);
    clusterTime(text, figures);
    month(text, now);
    alarms(text, figures);
    messages(text, figures, now);
    text.family(
        "caravan_api_responses_total",
        Type.COUNTER,
        "Answers of the API by class, since the start of this process.");
    api.byClass()
        .forEach(
            (status, count) ->
                text.sample(
                    "caravan_api_responses_total", "", BigDecimal.valueOf(count), "class", status));
    text.family(
        "caravan_cloud_errors_total",
        Type.COUNTER,
        "Calls of the cloud's API that failed, since the start of this process.");
    cloud
        .counts()
        .forEach(
            (failure, count) ->
                text.sample(
                    "caravan_cloud_errors_total",
                    "",
                    BigDecimal.valueOf(count),
                    "call",
                    failure.call().word(),
                    "code",
                    failure.code()));
    return text.toString();
  }

  private static void runs(MetricsText text, Statistics.Figures figures) {
    text.family("caravan_runs", Type.GAUGE, "Runs by pipeline and state.");
    text.family(
        "caravan_run_duration_seconds",
        Type.SUMMARY,
        "From begin to end of the runs that have ended.");
    for (Statistics.Runs each : figures.runs()) {
      String[] labels = {"pipeline", each.pipeline(), "state", each.state().name()};
      text.sample("caravan_runs", "", BigDecimal.valueOf(each.count()), labels);
      if (!each.state().isOpen()) {
        text.sample("caravan_run_duration_seconds", "_sum", seconds(each.time()), labels);
        text.sample(
            "caravan_run_duration_seconds", "_count", BigDecimal.valueOf(each.count()), labels);
      }
    }
    text.family(
        "caravan_last_success_timestamp_seconds",
        Type.GAUGE,
        "When the latest run of a pipeline that succeeded ended.");
    figures
        .lastSuccess()
        .forEach(
            (pipeline, at) ->
                text.sample(
                    "caravan_last_success_timestamp_seconds",
                    "",
                    BigDecimal.valueOf(at.toEpochMilli(), MILLIS),
                    "pipeline",
                    pipeline));
  }

  private void queues(MetricsText text, Statistics.Figures figures, Instant now) {
    text.family("caravan_queued_runs", Type.GAUGE, "Runs that wait for a cluster.");
    text.family(
        "caravan_queue_lateness_seconds",
        Type.GAUGE,
        "How long the oldest run that is due waits, backfills left out.");
    for (NamedCluster cluster : clusters) {
      Optional<Statistics.Queue> queue =
          figures.queues().stream()
              .filter(each -> each.clusterId().equals(cluster.config().id()))
              .findFirst();
      Duration late =
          queue
              .flatMap(Statistics.Queue::oldestDue)
              .map(due -> Duration.between(due, now))
              .filter(time -> !time.isNegative())
              .orElse(Duration.ZERO);
      long waiting = queue.map(Statistics.Queue::count).orElse(0L);
      text.sample(
          "caravan_queued_runs", "", BigDecimal.valueOf(waiting), "cluster", cluster.name());
      text.sample("caravan_queue_lateness_seconds", "", seconds(late), "cluster", cluster.name());
    }
  }

  private void clusterTime(MetricsText text, Statistics.Figures figures) {
    text.family(
        "caravan_cluster_status_seconds_total",
        Type.COUNTER,
        "How long sessions saw a cluster in each status.");
    for (Statistics.StatusTime each : figures.statuses()) {
      text.sample(
          "caravan_cluster_status_seconds_total",
          "",
          seconds(each.time()),
          "cluster",
          name(each.clusterId()),
          "status",
          each.status());
    }
    text.family(
        "caravan_session_open",
        Type.GAUGE,
        "Whether a session is open on a cluster, or its stop is owed.");
    for (NamedCluster cluster : clusters) {
      boolean open = journal.sessions().isUsed(cluster.config().id());
      text.sample(
          "caravan_session_open",
          "",
          open ? BigDecimal.ONE : BigDecimal.ZERO,
          "cluster",
          cluster.name());
    }
  }

  /** A cluster of former settings is called by its id. */
  private String name(String clusterId) {
    return clusters.stream()
        .filter(cluster -> cluster.config().id().equals(clusterId))
        .map(NamedCluster::name)
        .findFirst()
        .orElse(clusterId);
  }

  /** The same as `caravan cost` tells. */
  private void month(MetricsText text, Instant now) {
    text.family(
        "caravan_month_seconds",
        Type.GAUGE,
        "What the time of this month's sessions (UTC) went into.");
    text.family(
        "caravan_month_cost",
        Type.GAUGE,
        "What this month's sessions (UTC) and the disks have cost, estimated.");
    YearMonth month = YearMonth.from(now.atZone(ZoneOffset.UTC));
    MonthCost sessions = MonthCost.read(journal.history(), month, now);
    for (NamedCluster cluster : clusters) {
      Prices prices = cluster.prices().orElse(NO_PRICES);
      ClusterCost cost =
          new ClusterCost(prices, month, now, sessions.on(cluster.config().id(), prices));
      Map<Phase, Spent> phases = cost.phases();
      for (Phase phase : Phase.values()) {
        text.sample(
            "caravan_month_seconds",
            "",
            seconds(phases.getOrDefault(phase, Spent.NOTHING).time()),
            "cluster",
            cluster.name(),
            "phase",
            phase.name());
      }
      cluster
          .prices()
          .ifPresent(
              set ->
                  text.sample(
                      "caravan_month_cost",
                      "",
                      cost.total().stripTrailingZeros(),
                      "cluster",
                      cluster.name(),
                      "currency",
                      set.currency()));
    }
  }

  private static void alarms(MetricsText text, Statistics.Figures figures) {
    text.family("caravan_alarms_total", Type.COUNTER, "Alarms that were ever raised.");
    text.family("caravan_alarms_raised", Type.GAUGE, "Alarms that are not cleared.");
    for (AlarmKind kind : AlarmKind.values()) {
      Optional<Statistics.AlarmCount> count =
          figures.alarms().stream().filter(each -> each.kind() == kind).findFirst();
      long ever = count.map(Statistics.AlarmCount::ever).orElse(0L);
      long raised = count.map(Statistics.AlarmCount::now).orElse(0L);
      text.sample("caravan_alarms_total", "", BigDecimal.valueOf(ever), "kind", kind.name());
      text.sample("caravan_alarms_raised", "", BigDecimal.valueOf(raised), "kind", kind.name());
    }
  }

  private static void messages(MetricsText text, Statistics.Figures figures, Instant now) {
    text.family(
        "caravan_notifications",
        Type.GAUGE,
        "Messages of the outbox by state; old ones are deleted.");
    text.family(
        "caravan_notification_oldest_pending_seconds",
        Type.GAUGE,
        "The age of the oldest message that is not delivered.");
    Duration oldest = Duration.ZERO;
    for (Notification.State state : Notification.State.values()) {
      Optional<Statistics.Messages> messages =
          figures.messages().stream().filter(each -> each.state() == state).findFirst();
      long count = messages.map(Statistics.Messages::count).orElse(0L);
      text.sample("caravan_notifications", "", BigDecimal.valueOf(count), "state", state.name());
      if (state == Notification.State.PENDING && messages.isPresent()) {
        oldest = Duration.between(messages.get().oldest(), now);
      }
    }
    text.sample("caravan_notification_oldest_pending_seconds", "", seconds(oldest));
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), MILLIS);
  }
}
