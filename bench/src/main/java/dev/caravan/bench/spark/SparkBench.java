package dev.caravan.bench.spark;

import dev.caravan.bench.results.Results;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.s3.S3Server;
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
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "./caravan bench spark",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Compares our datamarts with naive ones, each as spark-submit processes, alternately, compares their"
            + " rows, and prints medians, ratios and whether each goal is met.")
public final class SparkBench implements Callable<Integer> {
  private static final Map<String, SparkBenchWork> WORKS = new LinkedHashMap<>();

  static {
    WORKS.put("datamarts", new DatamartsWork());
    WORKS.put("backfill", new BackfillWork());
    WORKS.put("bounds", new BoundsWork());
    WORKS.put("crowd", new CrowdWork());
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WORK",
      description = "only these: datamarts, backfill, bounds, crowd")
  private List<String> only = List.copyOf(WORKS.keySet());

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "SIZE",
      defaultValue = "10-days,30-days,30-days-10x",
      description = "of datamarts and bounds; default: ${DEFAULT-VALUE}")
  private List<String> sizes;

  @Option(names = "--rounds", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--bound",
      paramLabel = "MINUTES",
      defaultValue = "30",
      description =
          "a process that takes longer is ended and counts with this time, as a lower bound; default: ${DEFAULT-VALUE}")
  private int bound;

  @Option(
      names = "--memory",
      defaultValue = "2g",
      description = "of each driver; default: ${DEFAULT-VALUE}")
  private String memory;

  @Option(
      names = "--java-options",
      paramLabel = "WORDS",
      description =
          "of each driver, ours and naive; default: those of the local cluster, '${DEFAULT-VALUE}'; ' ' for Java's own")
  private String javaOptions = String.join(" ", ChildProcess.SHORT_LIVED);

  @Option(names = "--master", defaultValue = "local[*]", description = "default: ${DEFAULT-VALUE}")
  private String master;

  @Option(names = "--seed", defaultValue = "1", description = "of the data; default: 1")
  private long seed;

  @Option(
      names = "--naive",
      split = ",",
      paramLabel = "DATAMART",
      description =
          "the naive datamarts that are measured, or none; goals relative to others are missed; default: all")
  private List<String> naive = DatamartNames.ALL;

  @Option(
      names = "--baseline-jar",
      paramLabel = "FILE",
      description =
          "an older jar of our jobs, measured in the same rounds: the three datamarts of datamarts, and crowd; rows"
              + " must be the same")
  private Path older;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "keeps data and logs there and reuses existing data")
  private Path keep;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "bench/target/bench-spark.json",
      description = "default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "the project's root; default: ${DEFAULT-VALUE}")
  private Path home;

  private SparkBench() {}

  /** Exit code 0 if all goals are met, 1 if one is missed or rows differ, 2 for bad options. */
  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    ChildProcess.endAllAtExit();
    System.exit(new CommandLine(new SparkBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<SparkBenchWork> works = only.stream().map(this::work).toList();
    List<Size> chosen = sizes.stream().map(this::size).toList();
    List<String> beside = naive.equals(List.of("none")) ? List.of() : naive;
    if (!DatamartNames.ALL.containsAll(beside)) {
      throw new ParameterException(
          spec.commandLine(), "of --naive " + naive + " not all are one of " + DatamartNames.ALL);
    }
    if (older != null && !Files.isRegularFile(older)) {
      throw new ParameterException(spec.commandLine(), "--baseline-jar: no file " + older);
    }
    Path directory =
        keep == null
            ? Files.createTempDirectory("caravan-bench-")
            : Files.createDirectories(keep).toAbsolutePath();
    Results results = new Results(SparkPlan.OURS, SparkPlan.NAIVE);
    try (S3Server s3 = S3Server.start(home.resolve("local-cloud/s3/target/s3"), directory)) {
      fill(s3, directory, works, chosen);
      SparkSubmit spark =
          new SparkSubmit(
              home.resolve("local-cloud/spark-home/target/spark-home").toAbsolutePath(),
              s3.access(),
              directory.resolve("runs-" + Instant.now().getEpochSecond()),
              javaOptions.isBlank()
                  ? Map.of("spark.master", master)
                  : Map.of("spark.master", master, "spark.driver.extraJavaOptions", javaOptions),
              Duration.ofMinutes(bound));
      Applications applications =
          new Applications(
              spark,
              s3,
              directory,
              home.resolve("spark-jobs/target/caravan-spark-jobs.jar").toAbsolutePath(),
              home.resolve("bench/naive/target/caravan-naive-jobs.jar").toAbsolutePath(),
              Optional.ofNullable(older).map(Path::toAbsolutePath));
      SparkPlan plan = new SparkPlan(applications, results, chosen, rounds, memory, beside);
      for (SparkBenchWork work : works) {
        work.measure(plan);
      }
    } finally {
      if (keep == null) {
        Directories.delete(directory);
      }
    }
    System.out.print(results.table());
    results.write(out, circumstances());
    return results.allMet() ? 0 : 1;
  }

  private SparkBenchWork work(String name) {
    return Optional.ofNullable(WORKS.get(name))
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "there is no benchmark '" + name + "'; known: " + WORKS.keySet()));
  }

  private Size size(String label) {
    return Size.named(label)
        .orElseThrow(
            () -> new ParameterException(spec.commandLine(), "there is no size '" + label + "'"));
  }

  private void fill(S3Server s3, Path directory, List<SparkBenchWork> works, List<Size> chosen)
      throws IOException {
    if (s3.client().listBuckets().buckets().stream()
        .noneMatch(bucket -> bucket.name().equals(BenchLake.BUCKET))) {
      s3.createBucket(BenchLake.BUCKET);
    }
    TreeSet<BenchLake> lakes = new TreeSet<>();
    works.forEach(work -> lakes.addAll(work.reads(chosen)));
    for (BenchLake lake : lakes) {
      System.err.println("bench: writing the data of " + lake.address());
      lake.fill(s3, directory, seed);
    }
  }

  private Map<String, String> circumstances() {
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("at", Instant.now().toString());
    seen.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    seen.put("java", System.getProperty("java.vm.version"));
    seen.put("master", master);
    seen.put("javaOptions", javaOptions);
    seen.put("baselineJar", older == null ? "" : older.toString());
    seen.put("memory", memory);
    seen.put("rounds", Integer.toString(rounds));
    seen.put("boundMinutes", Integer.toString(bound));
    seen.put("seed", Long.toString(seed));
    return seen;
  }
}
