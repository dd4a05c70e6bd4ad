package dev.caravan.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How a program ended.
 *
 * @param said its stdout and stderr, as they came
 */
record Finished(int code, String said) {

  /**
   * Runs a program in this environment and no other; one that takes longer than the bound fails.
   */
  static Finished of(Duration bound, Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("caravan-said-", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(file.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(
            words + " did not end within " + bound + "; it said:\n" + read(file));
      }
      return new Finished(process.exitValue(), read(file));
    } finally {
      Files.delete(file);
    }
  }

  /** Runs a program of this machine that must succeed, in this process's environment. */
  static String ofMachine(Duration bound, String... words)
      throws IOException, InterruptedException {
    Finished finished = of(bound, System.getenv(), List.of(words));
    if (finished.code() != 0) {
      throw new IllegalStateException(List.of(words) + " failed: " + finished);
    }
    return finished.said();
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
