package dev.caravan.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** The files that a person uploads to the bucket, made of what this build has made. */
final class EndpointRelease {
  static final Path CLUSTER = Path.of("cluster").toAbsolutePath();

  private static final Path BUILT = Path.of("../cluster-endpoint/target").toAbsolutePath();
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final String MODULES =
      "java.se,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.naming.dns,jdk.zipfs";

  private final Path directory;

  /** Whoever closes the directory closes this. */
  EndpointRelease(Path directory) {
    this.directory = directory;
  }

  /** The directory that a release of this version is packed from, to be changed at will. */
  Path stage(String version) throws IOException, InterruptedException {
    Path stage = directory.resolve("caravan-endpoint-" + version);
    Files.createDirectories(stage.resolve("setup"));
    for (String part : new String[] {"caravan-endpoint", "caravan-cluster-endpoint.jar", "lib"}) {
      Finished.ofMachine(BOUND, "cp", "-r", BUILT.resolve(part).toString(), stage.toString());
    }
    Files.copy(CLUSTER.resolve("caravan-init.sh"), stage.resolve("setup/caravan-endpoint-setup"));
    for (String unit : ClusterUnitsTest.UNITS) {
      Files.copy(CLUSTER.resolve(unit), stage.resolve("setup").resolve(unit));
    }
    return stage;
  }

  /** Packs a stage. */
  Path pack(Path stage) throws IOException, InterruptedException {
    Path tarball = directory.resolve(stage.getFileName() + ".tar.gz");
    Finished.ofMachine(
        BOUND,
        "tar",
        "-I",
        "gzip -1",
        "-cf",
        tarball.toString(),
        "--owner=0",
        "--group=0",
        "-C",
        directory.toString(),
        stage.getFileName().toString());
    return tarball;
  }

  /** A Java runtime as somebody would upload it; {@code target} keeps it. */
  static Path javaRuntime(Path target) throws IOException, InterruptedException {
    Path kept = target.resolve("jre-" + Runtime.version() + ".tar.gz");
    if (Files.exists(kept)) {
      return kept;
    }
    Path made = Files.createTempDirectory("caravan-jre-");
    try {
      Finished.ofMachine(
          BOUND,
          Path.of(System.getProperty("java.home"), "bin/jlink").toString(),
          "--add-modules=" + MODULES,
          "--no-header-files",
          "--no-man-pages",
          "--generate-cds-archive",
          "--output=" + made.resolve("jre"));
      Path part = kept.resolveSibling(kept.getFileName() + ".part");
      Finished.ofMachine(
          BOUND,
          "tar",
          "-I",
          "gzip -1",
          "-cf",
          part.toString(),
          "--owner=0",
          "--group=0",
          "-C",
          made.toString(),
          "jre");
      return Files.move(part, kept, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Finished.ofMachine(BOUND, "rm", "-rf", made.toString());
    }
  }
}
