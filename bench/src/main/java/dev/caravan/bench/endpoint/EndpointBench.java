package dev.caravan.bench.endpoint;

import dev.caravan.bench.results.Results;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command. */
@Command(
    name = "./caravan bench endpoint",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Compares our endpoint with a stock Livy 0.7.1, alternately, and prints medians, ratios and whether"
            + " each goal is met. All benchmarks take about 15 minutes.")
public final class EndpointBench implements Callable<Integer> {
  private static final Map<String, EndpointWork> WORKS = new LinkedHashMap<>();

  static {
    WORKS.put("start", new StartWork());
    WORKS.put("state", new StateWork());
    WORKS.put("writers", new WritersWork());
    WORKS.put("post", new PostWork());
    WORKS.put("log", new LogWork());
    WORKS.put("memory", new MemoryWork());
    WORKS.put("restart", new RestartWork());
    WORKS.put("finished", new FinishedWork());
  }

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WORK",
      description = "only these: start, state, writers, post, log, memory, restart, finished")
  private List<String> only = List.copyOf(WORKS.keySet());

  @Option(names = "--rounds", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "of each load in each round; default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "20",
      paramLabel = "SECONDS",
      description = "of each load before its first round; default: ${DEFAULT-VALUE}")
  private int warmUp;

  @Option(
      names = "--without-livy",
      description = "only ours; goals relative to Livy are then missed")
  private boolean withoutLivy;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "bench/target/bench-endpoint.json",
      description = "default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(
      names = "--endpoint",
      paramLabel = "PROGRAM",
      defaultValue = "cluster-endpoint/target/caravan-endpoint",
      description = "default: ${DEFAULT-VALUE}")
  private Path endpoint;

  @Option(
      names = "--livy-home",
      paramLabel = "DIR",
      defaultValue = "local-cloud/livy/target/livy",
      description = "default: ${DEFAULT-VALUE}")
  private Path livyHome;

  private EndpointBench() {}

  /** Exit code 0 if all goals are met, 1 if one is missed, 2 for bad options. */
  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    ChildProcess.endAllAtExit();
    System.exit(new CommandLine(new EndpointBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (String work : only) {
      if (!WORKS.containsKey(work)) {
        System.err.println("bench: there is no benchmark '" + work + "'; known: " + WORKS.keySet());
        return 2;
      }
    }
    Path directory = Files.createTempDirectory("caravan-bench-");
    Results results = new Results(CaravanServer.NAME, StockLivy.NAME);
    try {
      EndpointPlan plan =
          new EndpointPlan(
              endpoint.toAbsolutePath(),
              withoutLivy ? Optional.empty() : Optional.of(livyHome),
              directory,
              new FakeSparkSubmit(directory.resolve("spark")),
              rounds,
              Duration.ofSeconds(seconds),
              Duration.ofSeconds(warmUp),
              results);
      for (String work : only) {
        WORKS.get(work).measure(plan);
      }
    } finally {
      Directories.delete(directory);
    }
    System.out.print(results.table());
    results.write(out, circumstances());
    return results.allMet() ? 0 : 1;
  }

  private Map<String, String> circumstances() {
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("at", Instant.now().toString());
    seen.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    seen.put("java", System.getProperty("java.vm.version"));
    seen.put("rounds", Integer.toString(rounds));
    seen.put("seconds", Integer.toString(seconds));
    return seen;
  }
}
