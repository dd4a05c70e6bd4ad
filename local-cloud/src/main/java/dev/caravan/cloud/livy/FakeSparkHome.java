package dev.caravan.cloud.livy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A Spark home whose {@code bin/spark-submit} does what a batch's args say, one step each: {@code
 * print TEXT}, {@code complain TEXT}, {@code lines N}, {@code line BYTES}, {@code sleep SECONDS},
 * {@code await FILE}, {@code ignore-term}, {@code exit N}. What stands before the first word that
 * ends in {@code .jar} is Spark's and is skipped.
 *
 * @param home the directory
 */
public record FakeSparkHome(Path home) {

  /** Writes the home; its files are its owner's alone. */
  public static FakeSparkHome create(Path home) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    try (InputStream script = FakeSparkHome.class.getResourceAsStream("spark-submit.sh")) {
      Files.write(bin.resolve("spark-submit"), script.readAllBytes());
    }
    Files.setPosixFilePermissions(
        bin.resolve("spark-submit"), PosixFilePermissions.fromString("rwx------"));
    return new FakeSparkHome(home);
  }

  public Path sparkSubmit() {
    return home.resolve("bin/spark-submit");
  }

  /** The argument lists it was started with, blank separated, oldest first. */
  public List<String> starts() throws IOException {
    Path starts = home.resolve("starts");
    return Files.exists(starts) ? Files.readAllLines(starts) : List.of();
  }
}
