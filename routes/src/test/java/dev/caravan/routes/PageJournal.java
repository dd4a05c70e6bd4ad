package dev.caravan.routes;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.MutableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Some weeks of a pipeline of two jobs, for the page to show: runs of every state, the latest one
 * failed, and words that would do harm in a page.
 */
final class PageJournal implements AutoCloseable {
  static final int DAYS = 40;

  /** One for all: midnight may come between the writing and a test. */
  private static final Instant TODAY = Clock.systemUTC().instant().truncatedTo(ChronoUnit.DAYS);

  static final String HOSTILE =
      "exit code 1: <script>alert('x')</script> \u001b[31mred\u001b[0m \u202Eevil\u202C <img src=x onerror=alert(1)>";

  private final MutableClock clock;
  private final Journal journal;
  private final String pipeline;
  private final String cluster;
  private final String definition;

  private PageJournal(Settings settings, String pipeline, Instant begin) {
    this.pipeline = pipeline;
    this.cluster = settings.clusterId(settings.pipelines().require(pipeline).cluster());
    this.clock = new MutableClock(begin);
    // The clock goes on by hours at once: nothing that is claimed may lapse by that.
    JournalConfig config = settings.journal();
    this.journal =
        Journal.open(
            new JournalConfig(config.url(), config.login(), Duration.ofDays(2 * DAYS)), clock);
    this.definition = settings.pipelines().require(pipeline).text();
  }

  /** Writes it into the journal of these settings, which no server has open. */
  static void write(Settings settings, String pipeline) {
    try (PageJournal made =
        new PageJournal(settings, pipeline, TODAY.minus(Duration.ofDays(DAYS)))) {
      for (int day = 0; day < DAYS; day++) {
        made.day(day);
      }
    }
  }

  /** The logical date of a day, counted from 0. */
  static LocalDate date(int day) {
    return LocalDate.ofInstant(TODAY, ZoneOffset.UTC).minusDays(DAYS - day + 1L);
  }

  private void pass(int seconds) {
    clock.pass(Duration.ofSeconds(seconds));
  }

  private void day(int day) {
    LocalDate date = date(day);
    if (day % 13 == 5) {
      journal.queue().add(pipeline, cluster, date, false, "ann");
      journal.runs().cancel(pipeline + "/" + date + "/1", "bob", "the source is down");
    } else if (day % 13 != 9) {
      boolean fails = day % 11 == 6 || day == DAYS - 1;
      run(date, day, fails);
      if (day % 11 == 6 && day < DAYS - 2) {
        pass(1800);
        run(date, day, false);
      }
    }
    Duration rest =
        Duration.between(
            clock.instant(), clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)));
    clock.pass(rest);
  }

  private void run(LocalDate date, int day, boolean fails) {
    journal.queue().add(pipeline, cluster, date, false, "ann");
    pass(5);
    Run run = ((Claim.Taken) journal.claims().claimDue(cluster).orElseThrow()).run();
    journal.definitions().keep(run, definition);
    journal.runs().step(run, RunStep.START_CLUSTER, "");
    journal.sessions().open(run, cluster, true);
    journal.statuses().seen(run, "STARTING");
    journal.runs().step(run, RunStep.AWAIT_CLUSTER, "");
    pass(330 + day * 7 % 90);
    journal.statuses().seen(run, "RUNNING");
    pass(25);
    job(run, "load", 240 + day * 31 % 200, true);
    if (fails) {
      submit(run, "mart", 90);
      journal.jobs().failed(run, "mart", Optional.of("application_17_00" + day), HOSTILE);
    } else {
      job(run, "mart", 400 + day * 53 % 300, false);
    }
    // It is ready, and nothing is done on it.
    pass(20);
    RunState end = fails ? RunState.FAILED : RunState.SUCCEEDED;
    Optional<String> why = fails ? Optional.of("job mart failed: " + HOSTILE) : Optional.empty();
    journal.runs().decide(run, end, why);
    journal.runs().step(run, RunStep.STOP_CLUSTER, "");
    journal.sessions().stopAsked(run);
    journal.statuses().seen(run, "STOPPING");
    pass(95);
    journal.statuses().seen(run, "STOPPED");
    journal.sessions().stopped(cluster);
    journal.runs().end(run, end, why);
    journal.claims().endSession(cluster);
  }

  /** Whether it was submitted: what an earlier run of the date has verified is taken over. */
  private boolean submit(Run run, String job, int seconds) {
    journal.runs().step(run, RunStep.SUBMIT_JOB, job);
    JobRun made =
        journal.jobs().submitting(run, job, number -> run.id() + "/" + job + "/" + number);
    if (made.state() != JobState.SUBMITTING) {
      return false;
    }
    journal.jobs().submitted(run, job, 7);
    journal.runs().step(run, RunStep.AWAIT_JOB, job);
    pass(seconds);
    return true;
  }

  private void job(Run run, String job, int seconds, boolean output) {
    if (!submit(run, job, seconds)) {
      return;
    }
    journal.jobs().succeeded(run, job, Optional.of("application_17_" + seconds));
    if (output) {
      journal.runs().step(run, RunStep.VERIFY_OUTPUT, job);
      pass(8);
      OutputReport found =
          new OutputReport(
              S3Location.of("s3://lake/load/date=" + run.logicalDate() + "/"),
              12,
              seconds * 1_000_000L,
              OptionalLong.of(seconds * 4000L),
              List.of("a"),
              Optional.empty(),
              Optional.empty());
      journal.jobs().verified(run, job, 1, 1, found, "");
    }
  }

  @Override
  public void close() {
    journal.close();
  }
}
