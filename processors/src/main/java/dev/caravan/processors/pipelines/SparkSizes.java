package dev.caravan.processors.pipelines;

import java.util.Optional;

/**
 * What a job asks of YARN and Spark; what is empty is left to Spark.
 *
 * @param queue of YARN
 * @param driverMemory in Spark's notation, for example {@code 2g}, as is {@code executorMemory}
 */
public record SparkSizes(
    Optional<String> queue,
    Optional<String> driverMemory,
    Optional<Integer> driverCores,
    Optional<String> executorMemory,
    Optional<Integer> executorCores,
    Optional<Integer> numExecutors) {

  /** All left to Spark. */
  public static final SparkSizes DEFAULT =
      new SparkSizes(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
}
