package dev.caravan.bench.server;

import dev.caravan.bench.history.RunHistory;
import dev.caravan.bench.load.Call;
import dev.caravan.bench.load.Load;
import dev.caravan.bench.load.LoadGenerator;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import dev.caravan.bench.results.Results;
import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.demo.CloseStack;
import dev.caravan.cloud.demo.DemoOutput;
import dev.caravan.cloud.demo.DemoPipeline;
import dev.caravan.cloud.demo.LocalCloud;
import dev.caravan.cloud.demo.OrchestratorSettings;
import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.process.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command. */
@Command(
    name = "./caravan bench server",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Starts the server as the launcher does and as the bare jar, alternately: wall and processor time until the API answers,"
            + " memory after the start and after many calls, and how fast API and page answer with a long history.")
public final class ServerBench implements Callable<Integer> {
  private static final String LAUNCHER = "./caravan serve";
  private static final String JAR = "java -jar";
  private static final String WORK = "server";
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration LOADED = Duration.ofMinutes(5);

  /** What a page that is open and a command line ask for. */
  private static final List<Call> CALLS =
      List.of(
          Call.get("/api/v1/pipelines"),
          Call.get("/api/v1/runs?limit=50"),
          Call.get("/api/v1/clusters"),
          Call.get("/api/v1/alarms"),
          Call.get("/api/v1/backfills"),
          Call.get("/api/v1/server"));

  private static final String PIPELINE = "datamarts";

  /** A year of dates as a grid, with its charts. */
  private static final Call GRID = Call.get("/page/pipelines/" + PIPELINE + "?days=366");

  private static final String GRID_NAME = "pages of a year";
  private static final int GRIDS = 50;

  @Option(names = "--rounds", defaultValue = "5", description = "default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--calls",
      defaultValue = "20000",
      description = "of the API in each round; default: ${DEFAULT-VALUE}")
  private int calls;

  @Option(
      names = "--history",
      defaultValue = "10000",
      description = "runs in the journal of the second start; default: ${DEFAULT-VALUE}")
  private int history;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "bench/target/bench-server.json",
      description = "default: ${DEFAULT-VALUE}")
  private Path out;

  @Mixin private Artifacts artifacts;

  private ServerBench() {}

  /** Exit code 0 if all goals are met, 1 if one is missed, 2 for bad options. */
  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    ChildProcess.endAllAtExit();
    System.exit(new CommandLine(new ServerBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    List<String> missing = artifacts.settle();
    if (!missing.isEmpty()) {
      missing.forEach(sentence -> System.err.println("bench: " + sentence));
      return CommandLine.ExitCode.USAGE;
    }
    Path directory = Files.createTempDirectory("caravan-bench-");
    Results results = new Results(LAUNCHER, JAR);
    CloseStack closer = new CloseStack();
    Runtime.getRuntime().addShutdownHook(new Thread(closer::close, "end-of-bench"));
    try (closer) {
      LocalCloud cloud =
          LocalCloud.start(
              artifacts,
              Map.of(),
              directory,
              SampleEvents.until(LocalDate.of(2026, 11, 21)).rows(300),
              false,
              new DemoOutput(System.err),
              closer);
      for (int round = 0; round <= rounds; round++) {
        for (String side : round % 2 == 0 ? List.of(LAUNCHER, JAR) : List.of(JAR, LAUNCHER)) {
          System.err.println("bench: " + side + ", round " + round);
          Path own =
              Files.createDirectories(directory.resolve(side.replaceAll("\\W+", "-") + round));
          Path settings = OrchestratorSettings.write(cloud, own, DemoPipeline.shipped(artifacts));
          // The first round reads the disk.
          measure(side, settings, round == 0 ? Optional.empty() : Optional.of(results));
        }
      }
    }
    Directories.delete(directory);
    System.out.print(results.table());
    results.write(out, circumstances());
    return results.allMet() ? 0 : 1;
  }

  private void measure(String side, Path settings, Optional<Results> results)
      throws IOException, InterruptedException, SQLException {
    measureStart(side, settings, results, "the first start", driver -> Map.of());
    try (Connection journal =
        DriverManager.getConnection("jdbc:h2:file:" + settings.resolveSibling("journal"))) {
      RunHistory.write(
          journal,
          history,
          Stream.concat(Stream.of(PIPELINE), RunHistory.PIPELINES.stream().skip(1)).toList());
    }
    // The way it starts from then on: with a journal, here a long one.
    measureStart(
        side,
        settings,
        results,
        "a start",
        driver -> {
          AtomicInteger next = new AtomicInteger();
          Map<String, Load> loads = new LinkedHashMap<>();
          loads.put(
              "calls",
              driver.closedLoop(
                  2, () -> CALLS.get(next.getAndIncrement() % CALLS.size()), LOADED, calls));
          loads.put(GRID_NAME, driver.closedLoop(1, () -> GRID, LOADED, GRIDS));
          return loads;
        });
  }

  private void measureStart(
      String side, Path settings, Optional<Results> results, String what, Work work)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    List<String> command =
        new ArrayList<>(
            side.equals(LAUNCHER)
                ? List.of(checkout().resolve("caravan").toString())
                : ChildProcess.java("256m", "-jar", artifacts.orchestratorJar.toString()));
    command.addAll(
        List.of("serve", "--config", settings.toString(), "--set", "caravan.server.port=" + port));
    LoadGenerator driver = new LoadGenerator(port, 200);
    long begin = System.nanoTime();
    try (ChildProcess server =
        ChildProcess.start(side, command, Map.of(), settings.resolveSibling("server.log"))) {
      server.await("it answers", START, () -> answer(driver));
      double wall = (System.nanoTime() - begin) / 1e9;
      double processor = processorSeconds(server);
      double booted = residentMebibytes(server);
      Map<String, Load> loads = work.on(driver);
      double used = residentMebibytes(server);
      results.ifPresent(
          told -> {
            add(told, side, what + " to its first answer", "s", new Goal.AtMost(2), wall);
            add(told, side, "processor time of " + what, "s", new Goal.AtMost(1.7), processor);
            add(told, side, "RSS after " + what, "MiB", new Goal.AtMost(150), booted);
          });
      if (!loads.isEmpty() && results.isPresent()) {
        add(results.get(), side, "RSS after the calls", "MiB", new Goal.AtMost(150), used);
      }
      for (Map.Entry<String, Load> load : loads.entrySet()) {
        require(load.getValue());
        results.ifPresent(told -> add(told, side, load.getKey(), load.getValue()));
      }
    }
  }

  private static void require(Load load) {
    if (load.failures() > 0) {
      throw new IllegalStateException(load.failures() + " calls of the server failed");
    }
  }

  private static void add(Results results, String side, String what, Load load) {
    add(results, side, what + " per second", "", new Goal.None(), load.perSecond());
    Goal goal = what.equals(GRID_NAME) ? new Goal.AtMost(300) : new Goal.None();
    add(results, side, what + ": half within", "ms", goal, load.millis(50));
    add(results, side, what + ": 99 % within", "ms", new Goal.None(), load.millis(99));
  }

  /** What is done to a server that has started. */
  private interface Work {
    Map<String, Load> on(LoadGenerator driver) throws IOException, InterruptedException;
  }

  private static void add(
      Results results, String side, String what, String unit, Goal goal, double value) {
    results.add(new Metric(WORK, what, unit, goal), side, value);
  }

  private static Optional<Boolean> answer(LoadGenerator driver) {
    try {
      return driver.closedLoop(1, () -> Call.get("/api/v1/server"), START, 1).failures() == 0
          ? Optional.of(true)
          : Optional.empty();
    } catch (IOException e) {
      // Not yet.
      return Optional.empty();
    }
  }

  private static double processorSeconds(ChildProcess server) {
    return ProcessHandle.of(server.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .map(spent -> spent.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  private static double residentMebibytes(ChildProcess server) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("There is no VmRSS of the server.");
  }

  private Path checkout() {
    return artifacts.orchestratorJar.getParent().getParent().getParent();
  }

  private Map<String, String> circumstances() {
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("at", Instant.now().toString());
    seen.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    seen.put("java", System.getProperty("java.vm.version"));
    seen.put("rounds", Integer.toString(rounds));
    seen.put("calls", Integer.toString(calls));
    return seen;
  }
}
