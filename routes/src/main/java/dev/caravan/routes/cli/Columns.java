package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.AlarmView;
import dev.caravan.routes.operations.BackfillView;
import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.FireTime;
import dev.caravan.routes.operations.JournalBackupView;
import dev.caravan.routes.operations.PauseView;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.SessionView;
import dev.caravan.routes.operations.StatusView;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The columns of the tables; what may be long comes last. */
final class Columns {
  static final List<Column<RunView>> RUNS =
      List.of(
          new Column<>("run", RunView::id),
          new Column<>("state", RunView::state),
          new Column<>("cause", RunView::cause),
          new Column<>("started", RunView::startedAt),
          new Column<>("took", Columns::took),
          new Column<>("cluster", RunView::cluster),
          new Column<>("by", RunView::askedBy),
          new Column<>("reason", Columns::reason));

  static final List<Column<PipelineView>> PIPELINES =
      List.of(
          new Column<>("pipeline", PipelineView::name),
          new Column<>("cluster", PipelineView::cluster),
          new Column<>("next", pipeline -> next(pipeline).map(FireTime::at)),
          new Column<>("for date", pipeline -> next(pipeline).map(FireTime::date)),
          new Column<>("last run", pipeline -> pipeline.lastRun().map(RunView::id)),
          new Column<>("state", pipeline -> pipeline.lastRun().map(RunView::state)),
          new Column<>("remark", Columns::remark));

  static final List<Column<ClusterView>> CLUSTERS =
      List.of(
          new Column<>("cluster", ClusterView::name),
          new Column<>("id", ClusterView::id),
          new Column<>("status", cluster -> cluster.status().map(StatusView::status)),
          new Column<>("since", cluster -> cluster.status().map(StatusView::since)),
          new Column<>("run", cluster -> cluster.running().map(RunView::id)),
          new Column<>("queued", ClusterView::queued),
          new Column<>("stop", Columns::stop));

  static final List<Column<JournalBackupView>> BACKUPS =
      List.of(
          new Column<>("file", JournalBackupView::file),
          new Column<>("at", JournalBackupView::at),
          new Column<>("schema", JournalBackupView::schema),
          new Column<>("rows", JournalBackupView::rows));

  static final List<Column<SessionView>> SESSIONS =
      List.of(
          new Column<>("session", SessionView::id),
          new Column<>("cluster", SessionView::cluster),
          new Column<>("state", SessionView::state),
          new Column<>("opened", SessionView::openedAt),
          new Column<>("running", SessionView::runningSince),
          new Column<>("stopped", SessionView::stoppedAt),
          new Column<>("runs", SessionView::runs));

  static final List<Column<BackfillView>> BACKFILLS =
      List.of(
          new Column<>("backfill", BackfillView::id),
          new Column<>("pipeline", BackfillView::pipeline),
          new Column<>("from", BackfillView::from),
          new Column<>("to", BackfillView::to),
          new Column<>("state", BackfillView::state),
          new Column<>("created", BackfillView::createdAt),
          new Column<>("by", BackfillView::askedBy),
          new Column<>("runs", Columns::progress),
          new Column<>("reason", BackfillView::reason));

  static final List<Column<AlarmView>> ALARMS =
      List.of(
          new Column<>("alarm", AlarmView::kind),
          new Column<>("raised", AlarmView::raisedAt),
          new Column<>("sent", AlarmView::sentAt),
          new Column<>("run", AlarmView::run),
          new Column<>("what", AlarmView::sentence));

  private Columns() {}

  private static Object took(RunView run) {
    return run.endedAt()
        .filter(end -> run.state() != RunState.SKIPPED)
        .map(end -> Duration.between(run.startedAt(), end));
  }

  private static Object reason(RunView run) {
    return run.failure().or(() -> run.cancelRequest().map(request -> "to end: " + request));
  }

  private static Optional<FireTime> next(PipelineView pipeline) {
    return pipeline.next().stream().findFirst();
  }

  private static Object remark(PipelineView pipeline) {
    if (!pipeline.faults().isEmpty()) {
      return "its file is broken: " + pipeline.faults().get(0);
    }
    return pipeline
        .pause()
        .map(PauseView::words)
        .or(() -> pipeline.schedule().isPresent() ? Optional.empty() : Optional.of("by hand only"));
  }

  private static Object stop(ClusterView cluster) {
    return cluster.stopOwed()
        ? "owed"
        : cluster
            .session()
            .filter(session -> session.stoppedAt().isPresent())
            .map(session -> "done")
            .orElse("-");
  }

  private static Object progress(BackfillView backfill) {
    Map<RunState, Integer> runs = backfill.runs();
    return Arrays.stream(RunState.values())
        .filter(runs::containsKey)
        .map(state -> runs.get(state) + " " + state)
        .collect(Collectors.joining(", "));
  }

  /** A time that a sentence tells. */
  static String time(Instant at, Report report) {
    return Cells.forPeople(at, report.zone());
  }
}
