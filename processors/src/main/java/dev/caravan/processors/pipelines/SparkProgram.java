package dev.caravan.processors.pipelines;

import dev.caravan.processors.batches.BatchRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a job's batch is to run; every text but the class's name may have placeholders.
 *
 * @param file the jar or Python file, as the cluster sees it
 * @param className the main class of a jar; a Python file has none
 * @param args one element each
 * @param conf Spark settings
 */
public record SparkProgram(
    String file,
    Optional<String> className,
    List<String> args,
    List<String> pyFiles,
    List<String> jars,
    List<String> files,
    List<String> archives,
    Map<String, String> conf,
    SparkSizes sizes) {

  public SparkProgram {
    args = List.copyOf(args);
    pyFiles = List.copyOf(pyFiles);
    jars = List.copyOf(jars);
    files = List.copyOf(files);
    archives = List.copyOf(archives);
    conf = Map.copyOf(conf);
  }

  SparkProgram withoutClass() {
    return new SparkProgram(
        file, Optional.empty(), args, pyFiles, jars, files, archives, conf, sizes);
  }

  BatchRequest request(String batchName, UnaryOperator<String> resolve) {
    TreeMap<String, String> resolvedConf = new TreeMap<>();
    conf.forEach((key, value) -> resolvedConf.put(key, resolve.apply(value)));
    return new BatchRequest(
        resolve.apply(file),
        className,
        Optional.of(batchName),
        all(args, resolve),
        all(pyFiles, resolve),
        all(jars, resolve),
        all(files, resolve),
        all(archives, resolve),
        resolvedConf,
        sizes.queue(),
        sizes.driverMemory(),
        sizes.driverCores(),
        sizes.executorMemory(),
        sizes.executorCores(),
        sizes.numExecutors());
  }

  private static List<String> all(List<String> texts, UnaryOperator<String> resolve) {
    return texts.stream().map(resolve).toList();
  }
}
