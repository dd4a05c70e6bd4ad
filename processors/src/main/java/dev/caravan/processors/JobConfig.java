package dev.caravan.processors;

import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.batches.IdempotencyKey;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.output.OutputContract;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Spark job of the pipeline. Its texts may hold {@code {date} {run} {job} {attempt}}, which stand
 * for the run's values.
 *
 * @param file the jar, as the cluster sees it
 * @param args one element each, placeholders unresolved
 * @param conf Spark settings of this job
 * @param timeout after which the batch is killed and the job has failed
 * @param poll time between two looks at the batch
 * @param output what the job promises to leave; absent: nothing is verified
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
    Optional<Output> output,
    Optional<String> summary) {

  /** The output contract with its placeholders unresolved; see {@link OutputContract}. */
  public record Output(
      String location, int minObjects, long minBytes, long minRows, List<String> columns) {}

  public JobConfig {
    args = List.copyOf(args);
    conf = Map.copyOf(conf);
  }

  BatchRequest request(Run run) {
    List<String> resolved = args.stream().map(arg -> resolve(arg, run)).toList();
    return BatchRequest.of(resolve(file, run), className, batchKey(run).value(), resolved, conf);
  }

  Optional<OutputContract> contract(Run run) {
    return output.map(
        promised ->
            new OutputContract(
                URI.create(resolve(promised.location(), run)),
                promised.minObjects(),
                promised.minBytes(),
                promised.minRows(),
                promised.columns()));
  }

  Optional<URI> summary(Run run) {
    return summary.map(text -> URI.create(resolve(text, run)));
  }

  /**
   * Names the batch of this job in this attempt of the run. It is the batch's name, too, since a
   * stock Livy has no idempotency keys but starts no second batch of a name.
   */
  IdempotencyKey batchKey(Run run) {
    return IdempotencyKey.of(run.pipeline(), name, run.logicalDate(), run.attempt());
  }

  private String resolve(String text, Run run) {
    return text.replace("{date}", run.logicalDate().toString())
        .replace("{run}", run.id())
        .replace("{job}", name)
        .replace("{attempt}", Integer.toString(run.attempt()));
  }
}
