package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.AlarmView;
import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.FireTime;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.RunView;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Shows how everything stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how everything stands: the clusters, what runs and what waits, what falls due next, and the open alarms.",
      "CSV has one line for each cluster."
    })
final class StatusCommand extends ClientCommand {
  private static final int MOST_RUNS = 20;

  private static final List<Column<Due>> NEXT =
      List.of(
          new Column<>("next", Due::at),
          new Column<>("pipeline", Due::pipeline),
          new Column<>("for date", Due::date),
          new Column<>("paused", due -> due.paused() ? "yes" : "no"));

  /**
   * What JSON and YAML have.
   *
   * @param runs that are queued or running, 20 at most
   * @param next when each pipeline falls due next
   */
  private record Status(
      List<ClusterView> clusters, List<RunView> runs, List<Due> next, List<AlarmView> alarms) {}

  /** When a pipeline falls due; paused, it is skipped then. */
  private record Due(OffsetDateTime at, String pipeline, LocalDate date, boolean paused) {
    private static Optional<Due> of(PipelineView pipeline) {
      return pipeline.next().stream().findFirst().map(time -> of(pipeline, time));
    }

    private static Due of(PipelineView pipeline, FireTime time) {
      return new Due(time.at(), pipeline.name(), time.date(), pipeline.pause().isPresent());
    }
  }

  @Override
  int call(ControlPlane plane, Report report) {
    Status status =
        new Status(
            plane.clusters(),
            plane
                .runs(
                    RunFilter.of(
                        Optional.empty(), Optional.empty(), RunState.QUEUED, RunState.RUNNING),
                    PageRequest.first(MOST_RUNS))
                .items(),
            plane.pipelines().stream()
                .flatMap(pipeline -> Due.of(pipeline).stream())
                .sorted(Comparator.comparing(Due::at))
                .toList(),
            plane.alarms());
    if (report.format() == OutputFormat.CSV) {
      report.list(status.clusters(), Columns.CLUSTERS, "No clusters.");
    } else {
      report.one(status, List.of(), () -> text(status, report));
    }
    return ExitCodes.OK;
  }

  private static String text(Status status, Report report) {
    StringBuilder text = new StringBuilder();
    text.append(report.table(status.clusters(), Columns.CLUSTERS));
    text.append(
        status.runs().isEmpty()
            ? "\nNothing runs or waits.\n"
            : "\n" + report.table(status.runs(), Columns.RUNS));
    text.append(
        status.next().isEmpty()
            ? "\nNo pipeline has a schedule.\n"
            : "\n" + report.table(status.next(), NEXT));
    text.append(
        status.alarms().isEmpty()
            ? "\nNo alarms.\n"
            : "\n" + report.table(status.alarms(), Columns.ALARMS));
    return text.toString();
  }
}
