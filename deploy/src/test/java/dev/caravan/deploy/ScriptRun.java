package dev.caravan.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that has ended. */
record ScriptRun(int exit, String out, String err) {
  private static final int BOUND_SECONDS = 120;

  /** Everything that it said. */
  String said() {
    return out + err;
  }

  /**
   * Runs a program in a directory.
   *
   * @param environment is added to this process's
   */
  static ScriptRun of(Path directory, Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "script", ".out");
    Path err = Files.createTempFile(directory, "script", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(new HashMap<>(environment));
      Process process = builder.start();
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(words + " has not ended. It said: " + Files.readString(err));
      }
      return new ScriptRun(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Runs one that must succeed. */
  static ScriptRun ok(Path directory, Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    ScriptRun run = of(directory, environment, words);
    if (run.exit != 0) {
      throw new AssertionError(words + " ended with " + run.exit + ": " + run.said());
    }
    return run;
  }
}
