package dev.caravan.cloud.chaos;

import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command. */
@Command(
    name = "./caravan chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the pipeline on a local cloud again and again, kills its processes and cuts its lines at random moments, and checks what it promises: the cluster"
          + " is stopped, each attempt of a job did its work at most once, the journal tells the truth, no process is left.",
      "Exit code 0: no promise was broken."
    })
public final class Chaos implements Callable<Integer> {
  @Option(names = "--runs", defaultValue = "20", description = "default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--seed",
      description =
          "decides all that is done; default: the time. A run is repeated by its own seed and --runs 1")
  private long seed = System.currentTimeMillis();

  @Option(
      names = "--parallel",
      defaultValue = "2",
      description = "runs at the same time; default: ${DEFAULT-VALUE}")
  private int parallel;

  @Option(
      names = "--figures",
      description = "measures each stopper alone, and a good run, instead of disturbing at random")
  private boolean figures;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the report as JSON; default: chaos.json beside the files of the runs")
  private Path out;

  @Option(names = "--keep", description = "keeps the files of every run, not only of a bad one")
  private boolean keep;

  @Mixin private Artifacts artifacts;

  private Chaos() {}

  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    System.setProperty("logback.configurationFile", "dev/caravan/cloud/demo/logback.xml");
    System.exit(commandLine().execute(args));
  }

  /** The command, for who doesn't want the process to end with it. */
  public static CommandLine commandLine() {
    return new CommandLine(new Chaos());
  }

  @Override
  public Integer call() throws Exception {
    List<String> missing = artifacts.settle();
    if (!missing.isEmpty()) {
      missing.forEach(System.err::println);
      return 2;
    }
    Path directory = Files.createTempDirectory("caravan-chaos-");
    Path archive = directory.resolve("orchestrator.jsa");
    try (S3Server s3 = S3Server.start(artifacts.s3Home, directory.resolve("s3"))) {
      s3.createBucket(ChaosWorld.BUCKET);
      dryRun(s3, directory, archive);
      if (figures) {
        System.out.print(new StopTimings(artifacts, archive, s3, directory).measure(runs));
        return 0;
      }
      ChaosReport report = new ChaosReport(seed);
      play(s3, directory, archive, report);
      System.out.print(report.table());
      report.write(out == null ? directory.resolve("chaos.json") : out);
      return report.violations() == 0 ? 0 : 1;
    } finally {
      System.out.println("files: " + directory);
    }
  }

  /** A run without disturbances: it must go well, and leaves an archive of the jar's classes. */
  private void dryRun(S3Server s3, Path directory, Path archive) throws IOException {
    ChaosPlan calm =
        new ChaosPlan(
            0,
            false,
            false,
            1,
            List.of(100),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            List.of());
    RunReport report = play(calm, s3, directory.resolve("dry-run"), archive);
    if (!report.violations().isEmpty()) {
      throw new IllegalStateException(
          "a run without disturbances broke a promise: " + report.violations());
    }
  }

  private void play(S3Server s3, Path directory, Path archive, ChaosReport report)
      throws InterruptedException, ExecutionException {
    ExecutorService players = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<?>> played = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        long own = ChaosPlan.seedOf(seed, run);
        Path mine = directory.resolve("run-%03d".formatted(run));
        played.add(
            players.submit(
                () -> {
                  report.add(play(ChaosPlan.of(own), s3, mine, archive));
                  return null;
                }));
      }
      for (Future<?> each : played) {
        each.get();
      }
    } finally {
      players.shutdownNow();
    }
  }

  private RunReport play(ChaosPlan plan, S3Server s3, Path mine, Path archive) throws IOException {
    RunReport report = playWhole(plan, s3, mine, archive);
    if (report.violations().isEmpty() && !keep) {
      Directories.delete(mine);
    }
    return report;
  }

  private RunReport playWhole(ChaosPlan plan, S3Server s3, Path mine, Path archive) {
    try (ChaosWorld world =
        new ChaosWorld(
            plan, artifacts, archive, s3, Files.createDirectories(mine), ChaosWorld.Stoppers.ALL)) {
      return new ChaosRun(plan, world).play();
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      return new RunReport(
          plan,
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of("the run could not be played: " + e));
    }
  }
}
