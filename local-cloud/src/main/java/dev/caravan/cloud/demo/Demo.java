package dev.caravan.cloud.demo;

import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/** One run of the shipped orchestrator against a cloud on this machine. */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Starts a local cloud, writes sample events, and runs the shipped pipeline with the shipped jars.",
      "Exit code 0: the run succeeded, every datamart has rows, the cluster is stopped."
    })
public final class Demo implements Callable<Integer> {

  private static final Duration LONGEST_RUN = Duration.ofMinutes(15);
  private static final int MOST_DATES = 31;
  private static final long MANY_ROWS = 1_000_000;
  private static final Duration ORCHESTRATOR_PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "says this")
  private boolean help;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "logical date; default: yesterday in UTC")
  private LocalDate date = LocalDate.now(Clock.systemUTC()).minusDays(1);

  @Option(
      names = "--dates",
      paramLabel = "N",
      description =
          "runs a backfill of so many dates, 1 to 31, up to the logical date; default: one run")
  private int dates = 1;

  @Option(
      names = {"--rows", "--size"},
      paramLabel = "N",
      description = "approximate number of sample events; default: ${DEFAULT-VALUE}")
  private long rows = 100_000;

  @Option(
      names = "--raw",
      description =
          "writes raw sample events; an additional first job builds the events layer from them")
  private boolean raw;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      split = ",",
      description = "runs these jobs of the jobs' jar, in this order; default: the three datamarts")
  private List<String> jobs = Mart.OURS.stream().map(Mart::job).toList();

  @Option(names = "--fail", paramLabel = "JOB", description = "makes this job fail")
  private String failing = "";

  @Option(
      names = "--stay",
      description = {
        "keeps the local cloud and a server up until Ctrl-C, with two pipelines and a week of history, and says what to try;",
        "not with --date, --dates, --raw, --job, --fail"
      })
  private boolean stay;

  @Option(
      names = "--pipeline",
      paramLabel = "FILE",
      description = "with --stay: a pipeline's file of your own, which is run for yesterday")
  private Optional<Path> ownPipeline = Optional.empty();

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "with --stay: a jar of your own, put into s3a://lake/jars/ under its name")
  private Optional<Path> ownJar = Optional.empty();

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "keeps data, settings and logs here; default: a temporary directory, kept only after a failure")
  private Path keep;

  @Mixin private Artifacts artifacts;

  @Spec private CommandLine.Model.CommandSpec spec;

  private final DemoOutput progress = new DemoOutput(System.out);
  private final CloseStack closer = new CloseStack();
  private final AtomicBoolean signalled = new AtomicBoolean(true);
  private volatile Optional<Path> temporary = Optional.empty();
  private volatile Optional<LocalCloud> cloud = Optional.empty();

  private Demo() {}

  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    System.setProperty("logback.configurationFile", "dev/caravan/cloud/demo/logback.xml");
    System.exit(commandLine().execute(args));
  }

  /** The command line: the last of repeated options wins; what is wrong is said in one sentence. */
  static CommandLine commandLine() {
    return new CommandLine(new Demo())
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler(
            (wrong, args) -> {
              PrintWriter err = wrong.getCommandLine().getErr();
              List<String> near =
                  wrong instanceof UnmatchedArgumentException unmatched
                      ? unmatched.getSuggestions()
                      : List.of();
              err.println(
                  "caravan demo: "
                      + wrong.getMessage()
                      + (near.isEmpty() ? "" : ", did you mean " + near.get(0) + "?")
                      + " (--help says more)");
              return CommandLine.ExitCode.USAGE;
            });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (dates < 1 || dates > MOST_DATES) {
      throw new ParameterException(
          spec.commandLine(), "--dates must be from 1 to " + MOST_DATES + ", not " + dates);
    }
    refuseOptionsThatDontGoTogether();
    SampleEvents sample = sample();
    List<Mart> marts = marts();
    Optional<Mart> failingMart = failingMart(marts);
    List<String> missing = artifacts.settle();
    if (!missing.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      missing.forEach(sentence -> err.println("caravan demo: " + sentence));
      return CommandLine.ExitCode.USAGE;
    }
    Path directory = directory();
    Runtime.getRuntime().addShutdownHook(new Thread(this::endOnSignal, "end-of-demo"));
    int exitCode = 1;
    try (closer) {
      exitCode = stay ? stay(directory, sample) : run(directory, sample, marts, failingMart);
    } catch (IllegalStateException e) {
      System.err.println("caravan demo: " + e.getMessage());
    } finally {
      signalled.set(false);
    }
    if (exitCode == 0 && keep == null) {
      Directories.delete(directory);
    } else {
      System.err.println("caravan demo: data, settings and logs are in " + directory);
    }
    return exitCode;
  }

  private void refuseOptionsThatDontGoTogether() {
    CommandLine.ParseResult given = spec.commandLine().getParseResult();
    for (String option : List.of("--date", "--dates", "--raw", "--job", "--fail")) {
      if (stay && given.hasMatchedOption(option)) {
        throw new ParameterException(
            spec.commandLine(), option + " has no meaning together with --stay");
      }
    }
    for (String option : List.of("--pipeline", "--jar")) {
      if (!stay && given.hasMatchedOption(option)) {
        throw new ParameterException(spec.commandLine(), option + " needs --stay");
      }
    }
    requireFile("--pipeline", ownPipeline, ".yaml");
    requireFile("--jar", ownJar, ".jar");
  }

  private void requireFile(String option, Optional<Path> file, String ending) {
    if (file.filter(each -> !Files.isRegularFile(each) || !each.toString().endsWith(ending))
        .isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          option + " must be a file whose name ends in " + ending + ", not " + file.get());
    }
  }

  private SampleEvents sample() {
    try {
      return SampleEvents.until(date).rows(rows);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--rows: " + e.getMessage());
    }
  }

  private List<Mart> marts() {
    for (String job : jobs) {
      if (!job.matches("[A-Za-z0-9-]{1,60}")) {
        throw new ParameterException(
            spec.commandLine(),
            "--job '" + job + "': a job's name has letters, digits and hyphens, at most 60");
      }
    }
    return jobs.stream().distinct().map(Mart::named).toList();
  }

  private Optional<Mart> failingMart(List<Mart> marts) {
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        marts.stream()
            .filter(mart -> mart.job().equals(failing))
            .findFirst()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--fail '"
                            + failing
                            + "': there is no such job, but "
                            + String.join(", ", marts.stream().map(Mart::job).toList()))));
  }

  /** Rows of an earlier demo must not be taken for this one's. */
  private Path directory() throws IOException {
    if (keep == null) {
      Path made = Files.createTempDirectory("caravan-demo-");
      temporary = Optional.of(made);
      return made;
    }
    Path directory = Files.createDirectories(keep.toAbsolutePath());
    if (!Directories.isEmpty(directory)) {
      throw new ParameterException(
          spec.commandLine(), "--keep " + directory + " is not empty; name a new directory");
    }
    return directory;
  }

  /** Ends by a signal alone, or if the playground can't go on. */
  private int stay(Path directory, SampleEvents sample) throws IOException, InterruptedException {
    LocalCloud local =
        LocalCloud.start(artifacts, sparkConf(), directory, sample, false, progress, closer);
    cloud = Optional.of(local);
    new Playground(
            local,
            artifacts,
            directory,
            date,
            new Playground.Own(ownPipeline, ownJar),
            progress,
            closer)
        .stay();
    // The thread of the signal ends the process.
    new CountDownLatch(1).await();
    return 0;
  }

  private int run(Path directory, SampleEvents sample, List<Mart> marts, Optional<Mart> failingMart)
      throws IOException, InterruptedException {
    LocalCloud local =
        LocalCloud.start(artifacts, sparkConf(), directory, sample, raw, progress, closer);
    cloud = Optional.of(local);
    DemoPipeline pipeline = new DemoPipeline(artifacts.pipeline, raw, marts, failingMart);
    Path settings = OrchestratorSettings.write(local, directory, pipeline);
    LocalDate first = date.minusDays(dates - 1L);
    progress.say(
        "running the pipeline for %s%s with %s ..."
            .formatted(dates == 1 ? "" : first + " to ", date, settings));
    int exitCode = orchestrate(directory, settings);
    progress.say("the orchestrator ended with exit code " + exitCode);
    MartRows rows = new MartRows(local.s3().client(), directory.resolve("scratch"), columns());
    boolean allHaveRows = true;
    for (LocalDate each = first; !each.isAfter(date); each = each.plusDays(1)) {
      for (Mart mart : marts) {
        allHaveRows &= rows.show(mart, each, progress) > 0;
      }
    }
    Cluster.Status status = local.yandex().status();
    progress.show("\ncluster: " + status + "\n");
    if (exitCode != 0) {
      return exitCode;
    }
    return allHaveRows && status == Cluster.Status.STOPPED ? 0 : 1;
  }

  /** The launcher exports COLUMNS for a terminal; else a line may be as long as it is. */
  private static int columns() {
    String columns = System.getenv().getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(columns) : Integer.MAX_VALUE;
  }

  /**
   * Many rows keep a driver busy for minutes, where the optimizing compiler pays, and want memory.
   */
  private Map<String, String> sparkConf() {
    return rows < MANY_ROWS
        ? Map.of()
        : Map.of(
            "spark.driver.extraJavaOptions", "-XX:+UseParallelGC", "spark.driver.memory", "2g");
  }

  private int orchestrate(Path directory, Path settings) throws IOException, InterruptedException {
    List<String> command = ChildProcess.jar("384m", artifacts.orchestratorJar);
    command.addAll(
        dates == 1
            ? List.of("run", "--date", date.toString())
            : List.of(
                "backfill",
                "--from",
                date.minusDays(dates - 1L).toString(),
                "--to",
                date.toString()));
    command.addAll(List.of("--config", settings.toString()));
    ChildProcess orchestrator =
        ChildProcess.startTalking(
            "the orchestrator", command, Map.of(), directory.resolve("orchestrator.log"));
    closer.add(() -> orchestrator.end(ORCHESTRATOR_PATIENCE));
    Optional<Integer> exitCode = orchestrator.exitCode(LONGEST_RUN);
    if (exitCode.isEmpty()) {
      orchestrator.end(ORCHESTRATOR_PATIENCE);
      throw new IllegalStateException(
          "the run did not end within " + LONGEST_RUN.toMinutes() + " minutes and was ended");
    }
    if (exitCode.get() != 0) {
      System.err.println("caravan demo: the orchestrator's log ends:\n" + orchestrator.lastLines());
    }
    return exitCode.get();
  }

  private void deletePlayground() {
    try {
      if (temporary.isPresent()) {
        Directories.delete(temporary.get());
      }
    } catch (IOException e) {
      System.err.println("caravan demo: " + temporary.get() + " can't be deleted: " + e);
    }
  }

  /** The orchestrator goes first and has time to stop its cluster; what it then is, is said. */
  private void endOnSignal() {
    if (signalled.get()) {
      progress.say(stay ? "ending all of it ..." : "ending the run ...");
      closer.close();
      cloud.ifPresent(local -> progress.show("cluster: " + local.yandex().status() + "\n"));
      if (stay && keep == null) {
        deletePlayground();
      }
    }
  }
}
