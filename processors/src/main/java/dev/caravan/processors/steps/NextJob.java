package dev.caravan.processors.steps;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * Chooses the job for which there is something to do: to submit it, look at its batch, or check its
 * outputs. A job begins when all that it needs are verified and fewer than the pipeline's {@code
 * parallel} are under way; one that waits for its next attempt counts. A job that needs a failed
 * one is not run. If nothing is to be done at the moment, no job is at hand and the step {@code
 * pause} waits for the next moment; if nothing is left, the run has come to its end, and has failed
 * if a job has.
 *
 * <p>So all jobs of a run share one loop of one thread. A loop, rather than a split, keeps a
 * failure on the run's own exchange, where the end of the run finds it.
 */
public final class NextJob extends Step {
  /** What is to be done at once, before what is due; that in the order of its time. */
  private static final Comparator<JobWork> URGENCY =
      Comparator.comparing((JobWork work) -> work.due().isPresent())
          .thenComparing(work -> work.due().orElse(Duration.ZERO));

  private final Journal journal;
  private final ElapsedClock clock;

  public NextJob(Journal journal, ElapsedClock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Run run = context.claimedRun();
    context.endIfCancelled(journal);
    if (context.jobs().isEmpty()) {
      takeUp(context, run);
    }
    begin(context, run);
    choose(context);
  }

  /** What an earlier process had begun goes on, whatever the limit says. */
  private void takeUp(RunContext context, Run run) {
    for (JobRun known : journal.jobs().latest(run)) {
      if (known.state() == JobState.UPSTREAM_FAILED) {
        context.skipJob(known.job());
      } else {
        context.beginJob(known.job());
      }
    }
  }

  /** In the order of the definition, in which each job comes after those that it needs. */
  private void begin(RunContext context, Run run) {
    Pipeline pipeline = context.definition();
    for (PipelineJob job : pipeline.jobs()) {
      if (context.jobs().containsKey(job.name())) {
        continue;
      }
      Optional<String> missing =
          job.needs().stream().filter(needed -> hasFailed(context, needed)).findFirst();
      if (missing.isPresent()) {
        journal
            .jobs()
            .upstreamFailed(
                run,
                job.name(),
                "Job %s was not run: it needs %s.".formatted(job.name(), missing.get()));
        context.skipJob(job.name());
      } else if (active(context).count() < pipeline.parallel()
          && job.needs().stream().allMatch(needed -> isVerified(context, needed))) {
        context.beginJob(job.name());
      }
    }
  }

  private static boolean hasFailed(RunContext context, String job) {
    return is(context, job, JobWork.Progress.FAILED) || is(context, job, JobWork.Progress.NOT_RUN);
  }

  private static boolean isVerified(RunContext context, String job) {
    return is(context, job, JobWork.Progress.VERIFIED);
  }

  private static boolean is(RunContext context, String job, JobWork.Progress progress) {
    return Optional.ofNullable(context.jobs().get(job))
        .filter(work -> work.is(progress))
        .isPresent();
  }

  private static Stream<Map.Entry<String, JobWork>> active(RunContext context) {
    return context.jobs().entrySet().stream()
        .filter(entry -> entry.getValue().progress().isActive());
  }

  private void choose(RunContext context) {
    Duration now = clock.elapsed();
    Optional<Map.Entry<String, JobWork>> first =
        active(context).min(Comparator.comparing(Map.Entry::getValue, URGENCY));
    if (first.isEmpty()) {
      end(context);
      return;
    }
    Duration left = first.get().getValue().due().orElse(now).minus(now);
    if (left.isNegative() || left.isZero()) {
      context.takeInHand(first.get().getKey());
      context.session().pauseFor(Duration.ZERO);
    } else {
      context.takeNothingInHand();
      // In pauses no longer than between two looks: the lease is renewed between them.
      Duration poll = context.definition().job(first.get().getKey()).policy().poll();
      context.session().pauseFor(left.compareTo(poll) < 0 ? left : poll);
    }
  }

  private static void end(RunContext context) {
    context.takeNothingInHand();
    if (context.jobFailures().isEmpty()) {
      context.finishJobs();
    } else {
      context.fail(failure(context));
    }
  }

  /** The first failure in full, and what else came of it in a few words. */
  private static Throwable failure(RunContext context) {
    Throwable cause = context.jobFailures().values().iterator().next();
    List<String> failed = context.jobFailures().keySet().stream().skip(1).toList();
    List<String> notRun =
        context.jobs().entrySet().stream()
            .filter(entry -> entry.getValue().is(JobWork.Progress.NOT_RUN))
            .map(Map.Entry::getKey)
            .toList();
    if (failed.isEmpty() && notRun.isEmpty()) {
      return cause;
    }
    String further =
        Stream.of(listed(" Failed, too: ", failed), listed(" Not run, since it failed: ", notRun))
            .collect(Collectors.joining());
    String first = String.valueOf(cause.getMessage());
    return new FatalException((first.endsWith(".") ? first : first + ".") + further, cause);
  }

  private static String listed(String title, List<String> jobs) {
    return jobs.isEmpty() ? "" : title + String.join(", ", jobs) + ".";
  }
}
