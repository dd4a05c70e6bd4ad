package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.OutputPeeks;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.PeekView;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what lies at a run's outputs. */
@Command(
    name = "peek",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what lies at the outputs of a run now: columns, number of rows, first rows. Parquet and JSON lines.",
      "It reads S3 itself, with the settings caravan.s3.*, also where a server tells it of the run."
    })
final class PeekCommand extends ClientCommand {
  private static final int MOST_ROWS = 1_000;
  private static final int CELL = 40;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PIPELINE|RUN|DATE",
      description =
          "a pipeline: its last successful run; PIPELINE/DATE or a date (2026-11-21, yesterday, -3d): its last successful attempt, or else the last; PIPELINE/DATE/ATTEMPT: that run (default: the last successful run)")
  private String wanted = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUTPUT",
      description =
          "its number, its job, or a part of its address (default: all outputs of the run)")
  private Optional<String> output = Optional.empty();

  @Mixin private PipelineOption pipeline = new PipelineOption();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "5",
      description = "how many first rows, 0 to 1000 (default: ${DEFAULT-VALUE})")
  private int rows = 5;

  @Override
  int call(ControlPlane plane, Report report) {
    if (rows < 0 || rows > MOST_ROWS) {
      throw invalid("--rows must be from 0 to " + MOST_ROWS + ", not " + rows + ".");
    }
    RunDetail run = plane.run(run(plane).id());
    List<PeekView> views;
    try (OutputPeeks peeks = new OutputPeeks(client().settings().readForLogs().s3())) {
      views = peeks.of(run, output, rows);
    }
    if (report.format() == OutputFormat.CSV) {
      if (views.size() > 1) {
        throw invalid(
            "CSV has the rows of one output; name one: "
                + views.stream()
                    .map(view -> view.number() + " " + view.at())
                    .collect(Collectors.joining(", "))
                + ".");
      }
      PeekView only = views.get(0);
      report.list(only.firstRows(), columns(only.firstRows(), only.columns()), "");
    } else {
      report.one(views, List.of(), () -> text(views, report));
    }
    return ExitCodes.OK;
  }

  private RunView run(ControlPlane plane) {
    String[] parts = wanted.split("/", -1);
    Optional<LocalDate> date = date(parts[parts.length > 1 ? 1 : 0]);
    if (parts.length == 3) {
      return plane.run(wanted).run();
    }
    if (wanted.isEmpty()) {
      return successful(plane, pipeline.name(), Optional.empty())
          .orElseThrow(() -> notFound("No run has succeeded yet."));
    }
    if (parts.length == 1 && date.isEmpty()) {
      return successful(plane, Optional.of(wanted), Optional.empty())
          .orElseThrow(
              () ->
                  notFound(
                      "No run of "
                          + PipelineOption.named(plane, wanted)
                          + " has succeeded yet; peek PIPELINE/DATE shows what another one left."));
    }
    if (parts.length > 2 || date.isEmpty()) {
      throw invalid(
          "'" + wanted + "' is no pipeline, no run such as marts/2026-11-21/1, and no date.");
    }
    Optional<String> name = Optional.of(parts.length == 2 ? parts[0] : pipeline.choose(plane));
    return successful(plane, name, date).orElseGet(() -> Latest.run(plane, name, date));
  }

  private Optional<LocalDate> date(String text) {
    try {
      return Optional.of(AskedDates.of(text).first(zone().today(Clock.systemUTC())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<RunView> successful(
      ControlPlane plane, Optional<String> pipeline, Optional<LocalDate> date) {
    return plane
        .runs(RunFilter.of(pipeline, date, RunState.SUCCEEDED), PageRequest.first(1))
        .items()
        .stream()
        .findFirst();
  }

  private static OperationException invalid(String sentence) {
    return new OperationException(OperationException.Reason.INVALID, sentence);
  }

  private static OperationException notFound(String sentence) {
    return new OperationException(OperationException.Reason.NOT_FOUND, sentence);
  }

  private static String text(List<PeekView> views, Report report) {
    PeekView first = views.get(0);
    return "run "
        + first.run()
        + ": "
        + first.state()
        + "\n"
        + views.stream().map(view -> "\n" + text(view, report)).collect(Collectors.joining());
  }

  private static String text(PeekView view, Report report) {
    StringBuilder text = new StringBuilder();
    text.append(view.number()).append(" ").append(view.at()).append("\n");
    text.append(amounts(view, report)).append("\n");
    view.remarks().forEach(remark -> text.append(remark).append("\n"));
    if (!view.columns().isEmpty()) {
      text.append(schema(view.columns(), report.terminal().columns()));
    }
    if (!view.firstRows().isEmpty()) {
      text.append("\n").append(report.table(shown(view), columns(shown(view), view.columns())));
    }
    return text.toString();
  }

  private static String amounts(PeekView view, Report report) {
    if (view.objects() == 0) {
      return "nothing lies there";
    }
    String rows =
        view.rows().map(number -> counted(number, "row")).orElse("unknown number of rows");
    return rows
        + " in "
        + counted(view.objects(), "object")
        + " ("
        + view.format()
        + "), "
        + counted(view.bytes(), "byte")
        + view.newest().map(at -> ", written " + Columns.time(at, report)).orElse("");
  }

  private static String counted(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  /** Names and types, as many on a line as fit. */
  private static String schema(Map<String, String> columns, int width) {
    StringBuilder text = new StringBuilder("columns:");
    int line = text.length();
    int left = columns.size();
    for (Map.Entry<String, String> column : columns.entrySet()) {
      left--;
      String word =
          " " + printable(column.getKey() + " " + column.getValue()) + (left > 0 ? "," : "");
      if (line + word.length() > width) {
        text.append("\n ");
        line = 1;
      }
      text.append(word);
      line += word.length();
    }
    return text.append("\n").toString();
  }

  /** What comes from data may hold what a terminal takes for commands. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  /** The rows as a person reads them: long values cut. */
  private static List<Map<String, Object>> shown(PeekView view) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : view.firstRows()) {
      Map<String, Object> cells = new LinkedHashMap<>();
      row.forEach((name, value) -> cells.put(name, cell(value)));
      rows.add(cells);
    }
    return rows;
  }

  private static Object cell(Object value) {
    if (value == null) {
      return Optional.empty();
    }
    String text = printable(value.toString());
    return text.length() <= CELL ? text : text.substring(0, CELL - 1) + "…";
  }

  private static List<Column<Map<String, Object>>> columns(
      List<Map<String, Object>> rows, Map<String, String> types) {
    Collection<String> names = rows.isEmpty() ? types.keySet() : names(rows);
    return names.stream()
        .map(
            name ->
                new Column<Map<String, Object>>(
                    printable(name), row -> Optional.ofNullable(row.get(name))))
        .toList();
  }

  /** A row of JSON lacks what another has. */
  private static Collection<String> names(List<Map<String, Object>> rows) {
    return rows.stream()
        .flatMap(row -> row.keySet().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
