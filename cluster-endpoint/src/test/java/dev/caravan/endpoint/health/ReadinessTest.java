package dev.caravan.endpoint.health;

import static org.awaitility.Awaitility.await;

import dev.caravan.endpoint.batch.Disk;
import dev.caravan.endpoint.yarn.ResourceManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
  @TempDir Path directory;

  private Path program(String script) throws Exception {
    Path fresh = Files.writeString(directory.resolve("fresh"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
    return Files.move(fresh, directory.resolve("spark-submit"));
  }

  private static Readiness of(Path program, Optional<ResourceManager> yarn) {
    return new Readiness(
        program, new Disk(program.getParent(), 0), yarn, 1, Duration.ofMillis(500));
  }

  private static void awaitObstacle(Readiness readiness, String said) {
    await(said)
        .atMost(Duration.ofSeconds(15))
        .until(() -> readiness.obstacle().orElse("ready").contains(said));
  }

  @ParameterizedTest
  @CsvSource({
    "exit 0, ready",
    "exit 3, ended with exit code 3",
    "sleep 60; exit 0, did not end within PT0.5S"
  })
  void asksSparkSubmitForItsVersion(String script, String said) throws Exception {
    try (Readiness readiness = of(program(script), Optional.empty())) {
      awaitObstacle(readiness, said);
    }
    await("nothing is left of it")
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.current().descendants().noneMatch(this::isOurs));
  }

  private boolean isOurs(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(directory.toString());
  }

  @Test
  void followsTheProgramsComingAndGoing() throws Exception {
    Path program = directory.resolve("spark-submit");
    try (Readiness readiness = of(program, Optional.empty())) {
      awaitObstacle(readiness, "There is no executable program " + program);
      program("exit 0");
      awaitObstacle(readiness, "ready");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-------"));
      Files.delete(program);
      awaitObstacle(readiness, "There is no executable program");
    }
  }

  @Test
  void saysThatYarnIsDown() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    ResourceManager yarn = new ResourceManager(URI.create("http://127.0.0.1:" + nobody));
    try (Readiness readiness = of(program("exit 0"), Optional.of(yarn))) {
      awaitObstacle(readiness, "YARN doesn't answer (endpoint.yarn-rm)");
    }
  }
}
