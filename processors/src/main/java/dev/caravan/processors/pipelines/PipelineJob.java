package dev.caravan.processors.pipelines;

import dev.caravan.processors.PollPace;
import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Spark job of a pipeline. Its texts may have {@link Placeholders}, which stand for the run's
 * values.
 *
 * @param needs the jobs that must have succeeded before
 * @param outputs the promised outputs; none: nothing is verified
 * @param summary where the job writes its summary JSON
 */
public record PipelineJob(
    String name,
    List<String> needs,
    SparkProgram program,
    JobPolicy policy,
    List<PromisedOutput> outputs,
    Optional<String> summary) {

  /** A look at least this often near the moment at which the job usually ends. */
  private static final Duration FAST_POLL = Duration.ofSeconds(1);

  public PipelineJob {
    needs = List.copyOf(needs);
    outputs = List.copyOf(outputs);
  }

  public PollPace pace() {
    return new PollPace(FAST_POLL, policy.poll());
  }

  public Duration timeout() {
    return policy.timeout();
  }

  public int attempts() {
    return policy.attempts();
  }

  public Set<Integer> retryOn() {
    return policy.retryOn();
  }

  public Duration retryDelay() {
    return policy.retryDelay();
  }

  public int together() {
    return policy.together();
  }

  /**
   * @param attempt the number of the job's attempt for the date, from 1 on
   */
  public BatchRequest request(Run run, int attempt) {
    return request(run, List.of(run.logicalDate()), batchKey(run, attempt), attempt);
  }

  /**
   * The request of one application for several dates.
   *
   * @param run the run whose values the placeholders other than {@code {dates}} stand for
   * @param key names the batch
   */
  public BatchRequest request(Run run, List<LocalDate> dates, IdempotencyKey key, int attempt) {
    RunValues values = new RunValues(run.logicalDate(), dates, run.id(), name, attempt);
    return program.request(key.value(), text -> Placeholders.resolve(text, values));
  }

  /** What it promises for the run's date, in the order of the file. */
  public List<OutputContract> contracts(Run run, int attempt) {
    return outputs.stream().map(output -> output.contract(values(run, attempt))).toList();
  }

  public Optional<S3Location> summary(Run run, int attempt) {
    return summary.map(text -> S3Location.of(Placeholders.resolve(text, values(run, attempt))));
  }

  /**
   * Names the batch of this attempt of the job. It is the batch's name, too, since a stock Livy has
   * no idempotency keys but starts no second batch of a name.
   */
  public IdempotencyKey batchKey(Run run, int attempt) {
    return IdempotencyKey.of(run.pipeline(), name, run.logicalDate(), attempt);
  }

  private RunValues values(Run run, int attempt) {
    return new RunValues(run.logicalDate(), List.of(run.logicalDate()), run.id(), name, attempt);
  }
}
