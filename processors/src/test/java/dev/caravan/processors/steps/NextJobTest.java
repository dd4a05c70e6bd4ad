package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NextJobTest {
  @RegisterExtension final Stage stage = new Stage();
  private NextJob nextJob;
  private Run run;

  @BeforeEach
  void claim() {
    nextJob = new NextJob(stage.journal, stage.clock);
    run = stage.claim();
  }

  private void define(int parallel, PipelineJob... jobs) {
    stage
        .context()
        .define(
            new Pipeline(
                stage.pipeline,
                Optional.empty(),
                "main",
                parallel,
                Optional.empty(),
                List.of(jobs),
                ""));
  }

  private static PipelineJob job(String name, String... needs) {
    PipelineJob job = Stage.job(name);
    return new PipelineJob(
        name, List.of(needs), job.program(), job.policy(), job.outputs(), job.summary());
  }

  private String next() {
    nextJob.process(stage.exchange);
    return stage.context().job();
  }

  /** Submits the job at hand; there is nothing to do for it in the next time. */
  private void submit(Duration look) {
    stage.context().jobSubmitted(1);
    stage.context().work().dueAt(stage.clock.elapsed().plus(look));
  }

  private void verify() {
    stage.context().jobVerified(1);
  }

  private void fail(String sentence) {
    stage.context().failJob(new FatalException(sentence));
  }

  @Test
  void namesOneJobAfterTheOtherInTheOrderOfThePipeline() {
    define(1, job("b"), job("a"), job("c"));
    List<String> named = new ArrayList<>();
    while (!next().isEmpty()) {
      named.add(stage.context().job());
      verify();
    }

    assertThat(named).containsExactly("b", "a", "c");
    assertThat(stage.context().isAllJobsDone()).isTrue();
  }

  @Test
  void pipelineWithoutJobsIsDone() {
    define(1);

    assertThat(next()).isEmpty();
    assertThat(stage.context().isAllJobsDone()).isTrue();
  }

  @Test
  void whatIsReadyRunsSideBySideUpToTheLimit() {
    define(2, job("a"), job("b"), job("c"));

    assertThat(next()).isEqualTo("a");
    submit(Duration.ofSeconds(3));
    assertThat(next()).isEqualTo("b");
    submit(Duration.ofSeconds(1));
    assertThat(next()).as("no third one").isEmpty();
    assertThat(stage.context().session().pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(stage.context().jobsLeft()).isTrue();

    stage.clock.pass(Duration.ofSeconds(1));
    assertThat(next()).as("the one whose look is due").isEqualTo("b");
    assertThat(stage.context().session().pause()).isZero();
    verify();
    assertThat(next()).isEqualTo("c");
  }

  @Test
  void theLongestOverdueComesFirst() {
    define(2, job("a"), job("b"));
    next();
    submit(Duration.ofSeconds(3));
    next();
    submit(Duration.ofSeconds(2));
    stage.clock.pass(Duration.ofSeconds(10));

    assertThat(next()).isEqualTo("b");
    stage.context().work().dueAt(stage.clock.elapsed().plusSeconds(1));
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void waitsNoLongerThanBetweenTwoLooksSinceTheLeaseIsRenewedThen() {
    define(1, job("a"));
    next();
    submit(Duration.ofHours(1));

    assertThat(next()).isEmpty();
    assertThat(stage.context().session().pause()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void jobThatWaitsForItsNextAttemptKeepsItsPlace() {
    define(1, job("a"), job("b"));
    next();
    submit(Duration.ZERO);
    stage.context().retryJob();
    stage.context().work().dueAt(stage.clock.elapsed().plusSeconds(4));

    assertThat(next()).isEmpty();
    stage.clock.pass(Duration.ofSeconds(4));
    assertThat(next()).isEqualTo("a");
    assertThat(stage.context().submissionPending()).isTrue();
  }

  @Test
  void jobBeginsWhenAllThatItNeedsAreVerified() {
    define(5, job("a"), job("b"), job("c", "a", "b"));
    next();
    submit(Duration.ZERO);
    next();
    submit(Duration.ofSeconds(1));
    next();
    stage.context().jobSucceeded(1);
    assertThat(next()).as("its outputs are checked first").isEqualTo("a");
    verify();
    assertThat(next()).isEmpty();
    stage.clock.pass(Duration.ofSeconds(1));
    assertThat(next()).isEqualTo("b");
    verify();

    assertThat(next()).isEqualTo("c");
  }

  @Test
  void failureLeavesOutWhatNeedsTheJobAndLetsTheRestGoOn() {
    define(1, job("a"), job("b", "a"), job("c", "b"), job("d"));
    next();
    fail("Job a failed: so it said.");

    assertThat(next()).isEqualTo("d");
    verify();
    next();

    assertThat(stage.context().jobsLeft()).isFalse();
    assertThat(stage.context().isAllJobsDone()).isFalse();
    assertThat(stage.context().failure())
        .isEqualTo("Job a failed: so it said. Not run, since it failed: b, c.");
    assertThat(stage.journal.jobs().latest(run))
        .extracting(JobRun::job, JobRun::state, JobRun::attempt)
        .containsExactlyInAnyOrder(
            tuple("b", JobState.UPSTREAM_FAILED, 0), tuple("c", JobState.UPSTREAM_FAILED, 0));
    assertThat(stage.events(run, RunEvent.Kind.JOB_NOT_RUN))
        .containsExactly("b Job b was not run: it needs a.", "c Job c was not run: it needs b.");
  }

  @Test
  void furtherFailuresAreNamed() {
    define(1, job("a"), job("b"));
    next();
    fail("Job a failed.");
    next();
    fail("Job b failed.");
    next();

    assertThat(stage.context().failure()).isEqualTo("Job a failed. Failed, too: b.");
  }

  @Test
  void singleFailureIsTheRunsOwn() {
    define(1, job("a"));
    next();
    FatalException cause = new FatalException("Job a failed.");
    stage.context().failJob(cause);
    next();

    assertThat(stage.context().cause()).contains(cause);
  }

  @Test
  void whatAnEarlierProcessHadBegunGoesOnWhateverTheLimitSays() {
    stage.journal.jobs().submitting(run, "c", attempt -> "c");
    stage.journal.jobs().submitting(run, "b", attempt -> "b");
    stage.journal.jobs().upstreamFailed(run, "d", "Job d was not run.");
    define(1, job("a"), job("b"), job("c"), job("d"));

    Set<String> begun = new HashSet<>();
    for (int turn = 0; turn < 2; turn++) {
      begun.add(next());
      submit(Duration.ofMinutes(1));
    }
    assertThat(begun).containsExactlyInAnyOrder("b", "c");
    assertThat(next()).isEmpty();
    assertThat(stage.context().jobs().get("d").is(JobWork.Progress.NOT_RUN)).isTrue();
  }

  @Test
  void cancelledRunBeginsNoJob() {
    stage.journal.runs().cancel(run.id(), "anna", "");
    define(1, job("a"));

    assertThatExceptionOfType(RunCancelledException.class)
        .isThrownBy(() -> nextJob.process(stage.exchange))
        .withMessageContaining("anna");
  }

  /** Any graph, any limit, any failures: each job once, none before its needs, none too many. */
  @RepeatedTest(200)
  void everyGraphEndsWithEachJobDecided(RepetitionInfo repetition) {
    java.util.Random random = new java.util.Random(repetition.getCurrentRepetition());
    int count = 1 + random.nextInt(8);
    PipelineJob[] jobs = new PipelineJob[count];
    for (int i = 0; i < count; i++) {
      List<String> needs = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if (random.nextInt(3) == 0) {
          needs.add("j" + j);
        }
      }
      jobs[i] = job("j" + i, needs.toArray(String[]::new));
    }
    int parallel = 1 + random.nextInt(4);
    define(parallel, jobs);
    Set<String> submitted = new HashSet<>();
    Set<String> done = new HashSet<>();
    Set<String> failed = new HashSet<>();
    for (int turn = 0; turn < 1_000 && (turn == 0 || stage.context().jobsLeft()); turn++) {
      String name = next();
      if (name.isEmpty()) {
        stage.clock.pass(stage.context().session().pause());
      } else if (stage.context().submissionPending()) {
        assertThat(submitted.add(name)).isTrue();
        assertThat(done).containsAll(stage.context().jobDefinition().needs());
        assertThat(submitted.size() - done.size() - failed.size()).isLessThanOrEqualTo(parallel);
        submit(Duration.ofSeconds(random.nextInt(4)));
      } else if (random.nextInt(4) == 0) {
        fail("Job " + name + " failed.");
        failed.add(name);
      } else if (random.nextBoolean()) {
        verify();
        done.add(name);
      } else {
        stage.context().work().dueAt(stage.clock.elapsed().plusSeconds(1 + random.nextInt(3)));
      }
    }

    assertThat(stage.context().jobsLeft()).isFalse();
    assertThat(stage.context().isAllJobsDone()).isEqualTo(failed.isEmpty());
    for (PipelineJob job : jobs) {
      boolean upstream = job.needs().stream().anyMatch(needed -> !done.contains(needed));
      assertThat(submitted.contains(job.name())).as(job.name()).isEqualTo(!upstream);
      assertThat(stage.context().jobs().get(job.name()).is(JobWork.Progress.NOT_RUN))
          .isEqualTo(upstream);
    }
  }
}
