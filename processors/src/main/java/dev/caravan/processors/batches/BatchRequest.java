package dev.caravan.processors.batches;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to run; the body of {@code POST /batches}. Empty values are left out of the body. Equal
 * requests give equal bytes, so that a repeated submission has the body that belongs to its key.
 *
 * @param file the application's jar or Python file, for example {@code s3a://bucket/jobs.jar}
 * @param className the main class of a jar; a Python file has none
 * @param name shown in lists; not all digits
 * @param conf Spark settings
 * @param driverMemory in Spark's notation, for example {@code 2g}
 */
public record BatchRequest(
    String file,
    Optional<String> className,
    Optional<String> name,
    List<String> args,
    List<String> pyFiles,
    List<String> jars,
    List<String> files,
    List<String> archives,
    SortedMap<String, String> conf,
    Optional<String> queue,
    Optional<String> driverMemory,
    Optional<Integer> driverCores,
    Optional<String> executorMemory,
    Optional<Integer> executorCores,
    Optional<Integer> numExecutors) {

  public BatchRequest {
    if (file.isBlank()) {
      throw new IllegalArgumentException("A batch needs a file to run.");
    }
    args = List.copyOf(args);
    pyFiles = List.copyOf(pyFiles);
    jars = List.copyOf(jars);
    files = List.copyOf(files);
    archives = List.copyOf(archives);
    conf = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(conf));
  }

  /** The usual request: a jar's class with arguments and Spark settings, all else left to Spark. */
  public static BatchRequest of(
      String file, String className, String name, List<String> args, Map<String, String> conf) {
    return new BatchRequest(
        file,
        Optional.of(className),
        Optional.of(name),
        args,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(conf),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
