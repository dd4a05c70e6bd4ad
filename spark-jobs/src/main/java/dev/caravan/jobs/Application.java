package dev.caravan.jobs;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.input.UnreadableFileException;
import dev.caravan.jobs.layer.EventsLayer;
import dev.caravan.jobs.marts.Datamart;
import dev.caravan.jobs.marts.Inputs;
import dev.caravan.jobs.marts.Lake;
import dev.caravan.jobs.output.JobSummary;
import dev.caravan.jobs.output.PhaseClock;
import dev.caravan.jobs.output.SummaryDocument;
import dev.caravan.jobs.work.SparkWork;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Paths;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application: makes the requested datamarts one after the other, for one logical date after
 * the other; a datamart that fails doesn't stop the others. Or makes the events layer.
 */
final class Application {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** Environment variable by which the cluster endpoint asks for the summary, in client mode. */
  private static final String ENDPOINTS_SUMMARY = "CARAVAN_SUMMARY";

  /** In a message: it names a file. */
  private static final Pattern FILE = Pattern.compile("\\b(file|s3a|hdfs):/");

  private final SparkSession spark;
  private final Arguments arguments;
  private final Clock clock;
  private final PrintStream err;
  private final SparkWork sparkWork;

  Application(SparkSession spark, Arguments arguments, Clock clock, PrintStream err) {
    this.spark = spark;
    this.arguments = arguments;
    this.clock = clock;
    this.err = err;
    this.sparkWork = SparkWork.watch(spark, Arrays.asList(arguments.src(), arguments.tgt()));
  }

  /** What is done under one name of the summary. */
  @FunctionalInterface
  private interface Work {
    void into(JobSummary summary, PhaseClock phases) throws IOException;
  }

  /** Makes every datamart and leaves the summary; the exit code is that of the first failure. */
  ExitCode run() {
    SummaryDocument document =
        new SummaryDocument(
            arguments.run(), spark.sparkContext().applicationId(), spark.version(), clock);
    List<JobSummary> made;
    try {
      made = arguments.layer() ? makeLayer() : makeDatamarts();
    } finally {
      sparkWork.close();
    }
    made.forEach(document::add);
    return leave(
        document,
        made.stream()
            .map(JobSummary::exitCode)
            .filter(exit -> exit != ExitCode.SUCCESS)
            .findFirst()
            .orElse(ExitCode.SUCCESS));
  }

  private List<JobSummary> makeLayer() {
    DateWindow window = arguments.windows().get(0);
    EventsLayer layer = new EventsLayer(spark, window, arguments.src(), arguments.tgt());
    Attempt attempt = new Attempt(EventsLayer.NAME, window);
    attempt.step(layer::make);
    return Collections.singletonList(attempt.end());
  }

  private List<JobSummary> makeDatamarts() {
    Lake lake =
        new Lake(
            spark,
            arguments.src(),
            arguments.coords().orElseThrow(IllegalStateException::new),
            arguments.windows());
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      return arguments.windows().stream()
          .flatMap(window -> makeDatamarts(lake, window, writer).stream())
          .collect(Collectors.toList());
    } finally {
      writer.shutdown();
      lake.release();
    }
  }

  /** A datamart is written while the next one is computed, which leaves processors idle. */
  private List<JobSummary> makeDatamarts(Lake lake, DateWindow window, ExecutorService writer) {
    Inputs inputs =
        new Inputs(
            lake,
            window,
            arguments.processedAt(),
            readByMany(arguments.datamarts()),
            task -> readAhead(task, window));
    List<CompletableFuture<JobSummary>> made = new ArrayList<>();
    try {
      for (Datamart datamart : arguments.datamarts()) {
        Attempt attempt = new Attempt(datamart.name(), window);
        DatamartRun run =
            new DatamartRun(
                spark, inputs, arguments.partition(datamart, window.last()), attempt.phases);
        attempt.step((summary, phases) -> run.compute(datamart, summary));
        inputs.releaseHeld();
        made.add(
            CompletableFuture.supplyAsync(
                () -> {
                  attempt.step((summary, phases) -> run.write(summary));
                  run.release();
                  return attempt.end();
                },
                writer));
      }
      return made.stream().map(CompletableFuture::join).collect(Collectors.toList());
    } finally {
      inputs.release();
    }
  }

  /** What is read ahead is work of the first datamart that needs it. */
  private void readAhead(Runnable task, DateWindow window) {
    String about =
        arguments.datamarts().stream()
            .filter(datamart -> datamart.reads().contains(EventType.SUBSCRIPTION))
            .findFirst()
            .map(datamart -> about(datamart.name(), window))
            .orElseThrow(IllegalStateException::new);
    Thread thread =
        new Thread(
            () -> {
              sparkWork.begin(about);
              task.run();
            },
            "read-ahead");
    thread.start();
  }

  private String about(String name, DateWindow window) {
    return arguments.windows().size() == 1 ? name : name + " of " + window.last();
  }

  private static Set<EventType> readByMany(List<Datamart> datamarts) {
    return Arrays.stream(EventType.values())
        .filter(type -> datamarts.stream().filter(each -> each.reads().contains(type)).count() > 1)
        .collect(Collectors.toSet());
  }

  /** One entry of the summary in the making. For one thread after the other. */
  private final class Attempt {
    private final String about;
    private final PhaseClock phases = new PhaseClock(clock);
    private final JobSummary summary;

    Attempt(String name, DateWindow window) {
      this.about = about(name, window);
      this.summary = new JobSummary(name, window);
    }

    /** Does this, unless a step before it failed. */
    void step(Work work) {
      if (summary.exitCode() != ExitCode.SUCCESS) {
        return;
      }
      sparkWork.begin(about);
      try {
        work.into(summary, phases);
      } catch (JobFailedException failure) {
        summary.failed(
            report(err, about + ": ", failure.exitCode(), failure.getMessage()),
            failure.getMessage());
      } catch (Exception | Error failure) {
        LOG.error("{} failed while it was to {}", about, phases.current(), failure);
        String message = "failed to " + phases.current() + ": " + inOneLine(failure);
        summary.failed(report(err, about + ": ", ExitCode.FAILED, message), message);
      } finally {
        phases.end();
      }
    }

    JobSummary end() {
      summary.ran(sparkWork.end(about));
      summary.took(phases.phases());
      return summary;
    }
  }

  private ExitCode leave(SummaryDocument document, ExitCode exit) {
    leaveToTheEndpoint(document, exit);
    if (!arguments.summary().isPresent()) {
      return exit;
    }
    try {
      document.write(
          arguments.summary().get(), exit.number(), spark.sessionState().newHadoopConf());
      return exit;
    } catch (IOException | RuntimeException failure) {
      LOG.error("no summary", failure);
      ExitCode reported =
          report(
              err,
              "",
              ExitCode.FAILED,
              "can't write the summary " + arguments.summary().get() + ": " + inOneLine(failure));
      return exit == ExitCode.SUCCESS ? reported : exit;
    }
  }

  /** A copy for the endpoint that started this process, which names the file; not worth failing. */
  private static void leaveToTheEndpoint(SummaryDocument document, ExitCode exit) {
    String file = System.getenv(ENDPOINTS_SUMMARY);
    if (file != null) {
      try {
        document.leave(Paths.get(file), exit.number());
      } catch (IOException | RuntimeException failure) {
        LOG.warn("no summary in {}", file, failure);
      }
    }
  }

  static ExitCode report(PrintStream err, String about, ExitCode exit, String message) {
    err.println("caravan-spark-jobs: " + about + message.replaceAll("\\s+", " "));
    return exit;
  }

  /**
   * The first line of the innermost cause, which says what went wrong, behind that of the outermost
   * which names a file, since the innermost rarely does.
   */
  static String inOneLine(Throwable failure) {
    Optional<String> where = Optional.empty();
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      String line = firstLine(cause);
      // Spark repeats a task's failure in its own, with the numbers of stage and task before it.
      boolean names = FILE.matcher(line).find() && !line.startsWith("Job aborted");
      if (cause instanceof UnreadableFileException || (names && !where.isPresent())) {
        where = Optional.of(line);
      }
      cause = cause.getCause();
    }
    String innermost = firstLine(cause);
    String what = cause.getClass().getSimpleName() + ": " + innermost;
    return where.map(line -> line.contains(innermost) ? line : line + ": " + what).orElse(what);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).trim().split("\\R", 2)[0];
  }
}
