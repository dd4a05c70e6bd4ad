package dev.caravan.processors;

import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Spark job of the pipeline. Its texts may contain {@code {date} {run} {job} {attempt}}, which
 * stand for the run's values.
 *
 * @param file the jar, as the cluster sees it
 * @param args one element each, placeholders unresolved
 * @param conf Spark settings of this job
 * @param timeout after which the batch is killed and the job has failed
 * @param poll longest time between two looks at the batch
 * @param attempts how often it is tried in one run; each try is a batch of its own
 * @param output the expected output; absent: nothing is verified
 * @param summary where the job writes its summary JSON
 */
public record JobConfig(
    String name,
    String file,
    String className,
    List<String> args,
    Map<String, String> conf,
    Duration timeout,
    Duration poll,
    int attempts,
    Optional<Output> output,
    Optional<String> summary) {

  /** The output contract with its placeholders unresolved; see {@link OutputContract}. */
  public record Output(
      String location, int minObjects, long minBytes, long minRows, List<String> columns) {}

  /** A look at least this often near the moment at which the job usually ends. */
  private static final Duration FAST_POLL = Duration.ofSeconds(1);

  public JobConfig {
    args = List.copyOf(args);
    conf = Map.copyOf(conf);
  }

  public PollPace pace() {
    return new PollPace(FAST_POLL, poll);
  }

  /**
   * @param attempt the number of the job's attempt for the date, from 1 on
   */
  public BatchRequest request(Run run, int attempt) {
    List<String> resolved = args.stream().map(arg -> resolve(arg, run, attempt)).toList();
    return BatchRequest.of(
        resolve(file, run, attempt), className, batchKey(run, attempt).value(), resolved, conf);
  }

  public Optional<OutputContract> contract(Run run, int attempt) {
    return output.map(
        promised ->
            new OutputContract(
                S3Location.of(resolve(promised.location(), run, attempt)),
                promised.minObjects(),
                promised.minBytes(),
                promised.minRows(),
                promised.columns()));
  }

  public Optional<S3Location> summary(Run run, int attempt) {
    return summary.map(text -> S3Location.of(resolve(text, run, attempt)));
  }

  /**
   * Names the batch of this attempt of the job. It is the batch's name, too, since a stock Livy has
   * no idempotency keys but starts no second batch of a name.
   */
  public IdempotencyKey batchKey(Run run, int attempt) {
    return IdempotencyKey.of(run.pipeline(), name, run.logicalDate(), attempt);
  }

  private String resolve(String text, Run run, int attempt) {
    return text.replace("{date}", run.logicalDate().toString())
        .replace("{run}", run.id())
        .replace("{job}", name)
        .replace("{attempt}", Integer.toString(attempt));
  }
}
