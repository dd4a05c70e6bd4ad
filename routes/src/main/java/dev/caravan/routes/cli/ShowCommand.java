package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.EventView;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.SessionView;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a run. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows all that is known of a run: its jobs and their attempts, what they left, the cluster's session, where the logs are.",
      "CSV has the run's line, as 'runs' has it."
    })
final class ShowCommand extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN|DATE",
      description =
          "the run as PIPELINE/DATE/ATTEMPT; or PIPELINE/DATE, or a date (2026-11-21, yesterday, -3d): its last attempt (default: the latest run)")
  private String wanted = "";

  @Mixin private PipelineOption pipeline = new PipelineOption();

  @Option(names = "--events", description = "also all that happened, in its order")
  private boolean events;

  private static final List<Column<EventView>> EVENTS =
      List.of(new Column<>("at", EventView::at), new Column<>("event", ShowCommand::sentence));

  @Override
  int call(ControlPlane plane, Report report) {
    RunDetail detail = plane.run(id(plane));
    if (report.format() == OutputFormat.CSV) {
      report.one(detail.run(), Columns.RUNS, () -> "");
    } else {
      report.one(detail, List.of(), () -> text(detail, report));
    }
    return ExitCodes.OK;
  }

  private String id(ControlPlane plane) {
    String[] parts = wanted.split("/", -1);
    if (parts.length == 3) {
      return wanted;
    }
    if (wanted.isEmpty()) {
      return Latest.run(plane, pipeline.name(), Optional.empty()).id();
    }
    if (parts.length == 2) {
      return Latest.run(plane, Optional.of(parts[0]), Optional.of(date(parts[1]))).id();
    }
    return Latest.run(plane, Optional.of(pipeline.choose(plane)), Optional.of(date(wanted))).id();
  }

  private LocalDate date(String text) {
    try {
      return AskedDates.of(text).first(zone().today(Clock.systemUTC()));
    } catch (IllegalArgumentException e) {
      throw new OperationException(OperationException.Reason.INVALID, e.getMessage());
    }
  }

  private String text(RunDetail detail, Report report) {
    return RunTable.line(detail.run(), true, report.terminal())
        + "\n"
        + facts(detail, report)
        + "\n\n"
        + RunTable.jobs(detail, report.terminal())
        + (events ? "\n" + report.table(detail.events(), EVENTS) : "");
  }

  private static String facts(RunDetail detail, Report report) {
    RunView run = detail.run();
    StringJoiner facts = new StringJoiner(", ");
    run.cause().ifPresent(cause -> facts.add("cause " + cause));
    run.askedBy().ifPresent(name -> facts.add("asked for by " + name));
    run.backfill().ifPresent(number -> facts.add("backfill " + number));
    run.dueAt().ifPresent(at -> facts.add("due " + Columns.time(at, report)));
    facts.add("started " + Columns.time(run.startedAt(), report));
    run.endedAt().ifPresent(at -> facts.add("ended " + Columns.time(at, report)));
    run.outcome()
        .filter(outcome -> run.state().isOpen())
        .ifPresent(outcome -> facts.add("to end " + outcome));
    run.cancelRequest().ifPresent(request -> facts.add("to be cancelled: " + request));
    run.cluster().ifPresent(name -> facts.add("cluster " + name));
    detail.session().map(ShowCommand::session).ifPresent(facts::add);
    return facts.toString();
  }

  private static String session(SessionView session) {
    return "session " + session.id() + " " + session.state();
  }

  private static Object sentence(EventView event) {
    return Sentences.sentence(event.event());
  }
}
