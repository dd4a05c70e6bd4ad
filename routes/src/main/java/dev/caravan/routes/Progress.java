package dev.caravan.routes;

import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.cli.Sentences;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.shared.ElapsedClock;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Shows on a terminal or in a log what a run does: one line per step with the time of day in UTC,
 * and where a person watches a bar of the steps that are done, with what is being done and for how
 * long. Called on the threads of the run and on its own, which moves the bar every second.
 */
final class Progress implements Consumer<RunEvent>, AutoCloseable {
  private static final int BAR_WIDTH = 30;
  private static final int LEAST_BAR_WIDTH = 5;
  private static final String ERASE_LINE = "\r\u001b[2K";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintStream out;
  private final Terminal terminal;
  private final Clock dates;
  private final ElapsedClock clock;
  private final int steps;
  private final Sentences sentences = new Sentences();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private int done;
  private String doing = "";
  private Duration since;
  private boolean barShown;
  private boolean closed;

  /**
   * @param runs how many runs the session has
   * @param jobs how many jobs each run has
   * @param outputs how many outputs they promise, all together
   */
  Progress(PrintStream out, Terminal terminal, int runs, int jobs, int outputs, Clock dates) {
    this.out = out;
    this.terminal = terminal;
    this.dates = dates;
    this.clock = ElapsedClock.of(dates);
    this.since = clock.elapsed();
    // Of each run: claimed, cluster ready, each job submitted and ended, each output verified, run
    // ended; in the end, stop asked.
    this.steps = runs * (3 + 2 * jobs + outputs) + 1;
  }

  /** Of so many runs of a pipeline, on this process's terminal or log. */
  static Progress of(Pipeline pipeline, int runs, PrintStream out, Clock dates) {
    return new Progress(
        out,
        Terminal.ofProcess(),
        runs,
        pipeline.jobs().size(),
        pipeline.jobs().stream().mapToInt(job -> job.outputs().size()).sum(),
        dates);
  }

  /** Moves the bar every second until this is closed. */
  Progress ticking() {
    if (terminal.interactive()) {
      ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }
    return this;
  }

  /** Shows the bar as of now, if one is shown. */
  synchronized void tick() {
    if (barShown) {
      bar();
    }
  }

  @Override
  public synchronized void accept(RunEvent event) {
    if (isStep(event.kind())) {
      done = Math.min(steps, done + 1);
    }
    doing(event)
        .ifPresent(
            now -> {
              doing = now;
              since = clock.elapsed();
            });
    if (!isToldElsewhere(event)) {
      line(sentences.of(event));
    }
  }

  /** Of the alarms only the last word on a stop is a step of the run; the log has them all. */
  private static boolean isToldElsewhere(RunEvent event) {
    return switch (event.kind()) {
      case ALARM_RAISED -> Alarm.Key.of(event.subject()).kind() != AlarmKind.STOP_FAILED;
      case ALARM_CLEARED, RUN_AWAITED, RUN_NOT_REPEATED -> true;
      default -> false;
    };
  }

  /** Whether this failure of the run was shown. */
  boolean hasShown(String runId, String failure) {
    return sentences.hasTold(runId, failure);
  }

  /** Leaves no bar behind. */
  @Override
  public synchronized void close() {
    closed = true;
    ticker.shutdownNow();
    if (barShown) {
      out.print(ERASE_LINE);
      out.flush();
      barShown = false;
    }
  }

  /** What goes on from then on, in a few words; empty if the event changes nothing in it. */
  private static Optional<String> doing(RunEvent event) {
    String subject = event.subject();
    return switch (event.kind()) {
      case CLUSTER_START_ASKED -> Optional.of("starting the cluster");
      case JOB_SUBMITTED -> Optional.of(subject);
      case JOB_SUCCEEDED -> Optional.of(subject + ": verifying");
      case JOB_FAILED, OUTPUT_VERIFIED, JOB_KILLED, ENDPOINT_READY -> Optional.of("");
      case CLUSTER_STOP_ASKED -> Optional.of("stopping the cluster");
      default -> Optional.empty();
    };
  }

  private static boolean isStep(RunEvent.Kind kind) {
    return switch (kind) {
      case RUN_CLAIMED,
          ENDPOINT_READY,
          JOB_SUBMITTED,
          JOB_SUCCEEDED,
          JOB_FAILED,
          JOB_NOT_RUN,
          OUTPUT_VERIFIED,
          CLUSTER_STOP_ASKED,
          RUN_ENDED ->
          true;
      case RUN_QUEUED,
          RUN_SKIPPED,
          RUN_CANCEL_ASKED,
          RUN_CONTINUED,
          RUN_AWAITED,
          RUN_NOT_REPEATED,
          RUN_HANDED_OVER,
          CLUSTER_START_ASKED,
          CLUSTER_FOUND_RUNNING,
          CLUSTER_STATUS,
          JOB_KILLED,
          CLUSTER_LEFT_RUNNING,
          ALARM_RAISED,
          ALARM_CLEARED,
          PIPELINE_PAUSED,
          PIPELINE_RESUMED,
          DATES_LEFT_OUT,
          BACKFILL_CHANGED ->
          false;
    };
  }

  private void line(String text) {
    out.printf(
        Locale.ROOT, "%s[%s] %s%n", barShown ? ERASE_LINE : "", TIME.format(dates.instant()), text);
    barShown = terminal.interactive() && !closed && done < steps;
    if (barShown) {
      bar();
    }
    out.flush();
  }

  /**
   * The cursor goes back to the line's begin: what others write begins there, not behind the bar.
   */
  private void bar() {
    String behind = " " + done + "/" + steps;
    if (!doing.isEmpty()) {
      behind += " " + doing + " " + clock.elapsed().minus(since).toSeconds() + " s";
    }
    int width = Math.min(BAR_WIDTH, terminal.columns() - behind.length() - "[] ".length());
    int filled = Math.max(0, width) * done / steps;
    String line =
        width < LEAST_BAR_WIDTH
            ? behind.strip()
            : "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]" + behind;
    out.print(
        ERASE_LINE + line.substring(0, Math.min(line.length(), terminal.columns() - 1)) + "\r");
    out.flush();
  }
}
