package dev.caravan.bench.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Spark home whose spark-submit costs next to nothing and does what the batch's arguments say, so
 * that only the servers are measured.
 */
final class FakeSparkSubmit {
  /** The file that every batch names; it need not exist. */
  static final String FILE = "local:/bench/job.jar";

  /** Ends at once, with success. */
  static final String END = "\"end\"";

  private static final String LINE =
      "26/11/22 12:00:00 INFO TaskSetManager: Finished task 17.0 in stage 3.0";
  private static final int CHUNK_LINES = 14_000;
  private static final String SCRIPT =
      """
      #!/bin/sh
      if [ "$1" = --version ]; then echo "version 2.4.5" >&2; exit 0; fi
      while [ $# -gt 0 ]; do
        word=$1
        shift
        [ "$word" = "@FILE@" ] && break
      done
      case "$1" in
        lines) exec seq -f '@LINE@ (TID %.0f)' "$2" ;;
        pour)
          chunks=0
          while [ $chunks -lt "$2" ]; do
            cat "@DIR@/chunk"
            sleep 0.095
            chunks=$((chunks + 1))
          done
          ;;
        await)
          while [ ! -e "$2" ]; do sleep 0.05; done
          ;;
      esac
      exit 0
      """;

  private final Path home;

  FakeSparkSubmit(Path home) throws IOException {
    this.home = home;
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("chunk"), (LINE + "\n").repeat(CHUNK_LINES));
    Files.writeString(
        bin.resolve("spark-submit"),
        SCRIPT.replace("@FILE@", FILE).replace("@LINE@", LINE).replace("@DIR@", home.toString()));
    Files.setPosixFilePermissions(
        bin.resolve("spark-submit"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path home() {
    return home;
  }

  Path program() {
    return home.resolve("bin/spark-submit");
  }

  /** Prints that many lines of about 82 bytes, then ends. */
  static String lines(int count) {
    return "\"lines\",\"" + count + "\"";
  }

  /** Prints about ten times 1 MB a second, for that many seconds. */
  static String pour(long seconds) {
    return "\"pour\",\"" + 10 * seconds + "\"";
  }

  /** Runs until the file is there. */
  static String await(Path file) {
    return "\"await\",\"" + file + "\"";
  }

  /** The body of a POST of a batch with these arguments. */
  static String body(String arguments) {
    return "{\"file\":\"" + FILE + "\",\"className\":\"a.Job\",\"args\":[" + arguments + "]}";
  }
}
