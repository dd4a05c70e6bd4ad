package dev.caravan.bench.backfill;

import dev.caravan.bench.results.ChildrenTime;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import dev.caravan.bench.results.Results;
import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.demo.CloseStack;
import dev.caravan.cloud.demo.DemoOutput;
import dev.caravan.cloud.demo.DemoPipeline;
import dev.caravan.cloud.demo.LocalCloud;
import dev.caravan.cloud.demo.Mart;
import dev.caravan.cloud.demo.MartRows;
import dev.caravan.cloud.demo.OrchestratorSettings;
import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.yandex.Rpc;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command. */
@Command(
    name = "./caravan bench backfill",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Compares a backfill of the shipped pipeline with single runs of its dates, alternately, on a local cloud: wall time,"
            + " processor time of all processes, starts and stops, and whether both left as many rows.")
public final class BackfillBench implements Callable<Integer> {
  private static final String BACKFILL = "backfill";
  private static final String SINGLE = "single runs";
  private static final Duration LONGEST = Duration.ofMinutes(20);

  @Option(
      names = "--dates",
      defaultValue = "7",
      description = "from 2 to 31; default: ${DEFAULT-VALUE}")
  private int dates;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "of sample events; default: ${DEFAULT-VALUE}")
  private long rows;

  @Option(names = "--rounds", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "bench/target/bench-backfill.json",
      description = "default: ${DEFAULT-VALUE}")
  private Path out;

  @Mixin private Artifacts artifacts;

  private final LocalDate last = LocalDate.now(ZoneOffset.UTC).minusDays(1);

  private BackfillBench() {}

  /** Exit code 0 if all goals are met, 1 if one is missed, 2 for bad options. */
  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    ChildProcess.endAllAtExit();
    System.exit(new CommandLine(new BackfillBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> missing = artifacts.settle();
    if (dates < 2 || dates > 31) {
      missing.add("--dates must be from 2 to 31, not " + dates);
    }
    if (!missing.isEmpty()) {
      missing.forEach(sentence -> System.err.println("bench: " + sentence));
      return CommandLine.ExitCode.USAGE;
    }
    Path directory = Files.createTempDirectory("caravan-bench-");
    Results results = new Results(BACKFILL, SINGLE);
    CloseStack closer = new CloseStack();
    Runtime.getRuntime().addShutdownHook(new Thread(closer::close, "end-of-bench"));
    try (closer) {
      measure(directory, closer, results);
    }
    Directories.delete(directory);
    System.out.print(results.table());
    results.write(out, circumstances());
    return results.allMet() ? 0 : 1;
  }

  private void measure(Path directory, CloseStack closer, Results results)
      throws IOException, InterruptedException {
    LocalCloud cloud =
        LocalCloud.start(
            artifacts,
            Map.of(),
            directory,
            SampleEvents.until(last).rows(rows),
            false,
            new DemoOutput(System.err),
            closer);
    for (int round = 0; round < rounds; round++) {
      List<String> sides = round % 2 == 0 ? List.of(BACKFILL, SINGLE) : List.of(SINGLE, BACKFILL);
      List<Long> left = new ArrayList<>();
      for (String side : sides) {
        System.err.println("bench: " + side);
        Path own = Files.createDirectories(directory.resolve(side + "-" + round));
        Path settings = OrchestratorSettings.write(cloud, own, DemoPipeline.shipped(artifacts));
        measure(cloud, side, settings, results);
        left.add(rows(cloud, directory.resolve("scratch")));
      }
      if (left.stream().distinct().count() != 1) {
        throw new IllegalStateException("the sides left different numbers of rows: " + left);
      }
    }
  }

  private void measure(LocalCloud cloud, String side, Path settings, Results results)
      throws IOException, InterruptedException {
    int starts = cloud.yandex().calls(Rpc.START_CLUSTER).size();
    int stops = cloud.yandex().calls(Rpc.STOP_CLUSTER).size();
    ChildrenTime processor = ChildrenTime.now();
    long begin = System.nanoTime();
    LocalDate first = last.minusDays(dates - 1L);
    if (side.equals(BACKFILL)) {
      run(settings, "backfill", "--from", first.toString(), "--to", last.toString());
    } else {
      for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
        run(settings, "run", "--date", date.toString());
      }
    }
    double wall = (System.nanoTime() - begin) / 1e9;
    add(results, side, "wall", "s", new Goal.AtMostTimes(0.4), wall);
    add(
        results,
        side,
        "processor",
        "s",
        new Goal.AtMostTimes(0.4),
        processor.since().toMillis() / 1e3);
    add(
        results,
        side,
        "starts",
        "",
        new Goal.AtMost(1),
        cloud.yandex().calls(Rpc.START_CLUSTER).size() - starts);
    add(
        results,
        side,
        "stops",
        "",
        new Goal.AtMost(1),
        cloud.yandex().calls(Rpc.STOP_CLUSTER).size() - stops);
  }

  private void add(
      Results results, String side, String what, String unit, Goal goal, double value) {
    results.add(new Metric(dates + " dates", what, unit, goal), side, value);
  }

  private void run(Path settings, String... words) throws IOException, InterruptedException {
    List<String> command = ChildProcess.jar("384m", artifacts.orchestratorJar);
    command.addAll(List.of(words));
    command.addAll(List.of("--config", settings.toString()));
    try (ChildProcess orchestrator =
        ChildProcess.start(
            "the orchestrator", command, Map.of(), settings.resolveSibling("orchestrator.log"))) {
      int exitCode =
          orchestrator
              .exitCode(LONGEST)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "the orchestrator did not end within " + LONGEST.toMinutes() + " min"));
      if (exitCode != 0) {
        throw new IllegalStateException(
            "the orchestrator ended with " + exitCode + ":\n" + orchestrator.lastLines());
      }
    }
  }

  /** Of all datamarts and dates. */
  private long rows(LocalCloud cloud, Path scratch) throws IOException {
    MartRows marts = new MartRows(cloud.s3().client(), scratch, Integer.MAX_VALUE);
    DemoOutput unheard = new DemoOutput(new PrintStream(PrintStream.nullOutputStream()));
    long sum = 0;
    for (int day = 0; day < dates; day++) {
      for (Mart mart : Mart.OURS) {
        sum += marts.show(mart, last.minusDays(day), unheard);
      }
    }
    return sum;
  }

  private Map<String, String> circumstances() {
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("at", Instant.now().toString());
    seen.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    seen.put("java", System.getProperty("java.vm.version"));
    seen.put("dates", Integer.toString(dates));
    seen.put("rows", Long.toString(rows));
    seen.put("rounds", Integer.toString(rounds));
    return seen;
  }
}
