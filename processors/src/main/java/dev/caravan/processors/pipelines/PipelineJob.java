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
   * The request that submits it.
   *
   * @param values those of the application
   * @param key names the batch
   */
  public BatchRequest request(RunValues values, IdempotencyKey key) {
    return program.request(key.value(), text -> Placeholders.resolve(text, name, values));
  }

  /**
   * What it promises for a date, in the order of the file.
   *
   * @param values those of the application
   */
  public List<OutputContract> contracts(RunValues values, LocalDate date) {
    return outputs.stream().map(output -> output.contract(name, values.on(date))).toList();
  }

  public Optional<S3Location> summary(RunValues values) {
    return summary.map(text -> S3Location.of(Placeholders.resolve(text, name, values)));
  }

  /**
   * Names the batch of this attempt of the job. It is the batch's name, too, since a stock Livy has
   * no idempotency keys but starts no second batch of a name.
   */
  public IdempotencyKey batchKey(Run run, int attempt) {
    return IdempotencyKey.of(run.pipeline(), name, run.logicalDate(), attempt);
  }
}
