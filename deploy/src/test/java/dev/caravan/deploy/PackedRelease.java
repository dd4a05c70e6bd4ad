package dev.caravan.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A release with this directory's own files and the shipped pipelines in it, and programs that only
 * tell that they were called.
 */
final class PackedRelease {
  private PackedRelease() {}

  /** Packs both archives of a version into a directory. */
  static void into(Path directory, String version) throws Exception {
    Files.createDirectories(directory);
    Path work = Files.createTempDirectory(directory.getParent(), "release");
    Path server = Files.createDirectories(work.resolve("caravan-" + version));
    Path program = Files.createDirectories(server.resolve("bin")).resolve("caravan");
    Files.writeString(program, "#!/bin/sh\necho \"$0 $*\" >>\"${CALLED:-/dev/null}\"\n");
    executable(program);
    copy(Path.of("vm"), server.resolve("deploy/vm"));
    copy(Path.of("../pipelines"), server.resolve("pipelines"));
    Files.createDirectories(server.resolve("jobs"));
    Files.writeString(server.resolve("jobs/caravan-spark-jobs.jar"), "jobs of " + version);
    Path setup =
        Files.createDirectories(work.resolve("caravan-endpoint-" + version).resolve("setup"));
    Files.writeString(setup.resolve("caravan-endpoint-setup"), "#!/bin/sh\n# setup\n");
    for (String name : List.of("caravan-" + version, "caravan-endpoint-" + version)) {
      Path archive = directory.resolve(name + ".tar.gz").toAbsolutePath();
      ScriptRun.ok(work, Map.of(), List.of("tar", "-czf", archive.toString(), name));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(file.getFileName());
        Files.copy(file, copy);
        if (Files.isExecutable(file)) {
          executable(copy);
        }
      }
    }
  }

  static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
