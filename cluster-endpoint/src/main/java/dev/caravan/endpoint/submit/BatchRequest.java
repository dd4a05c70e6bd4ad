package dev.caravan.endpoint.submit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The body of a POST /batches, checked for form; conf is sorted by key. */
public record BatchRequest(
    String file,
    Optional<String> className,
    Optional<String> name,
    Optional<String> proxyUser,
    Optional<String> queue,
    Optional<String> driverMemory,
    Optional<String> executorMemory,
    OptionalInt driverCores,
    OptionalInt executorCores,
    OptionalInt numExecutors,
    List<String> args,
    List<String> jars,
    List<String> pyFiles,
    List<String> files,
    List<String> archives,
    Map<String, String> conf) {}
