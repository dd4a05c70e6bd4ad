package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The class data sharing archive of the packaged orchestrator. The tests start it dozens of times,
 * and most of a start's processor time goes into loading and verifying classes.
 */
final class OrchestratorArchive {
  private static final Path DIRECTORY = Path.of("target", "orchestrator-archive");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private OrchestratorArchive() {}

  /**
   * Returns the archive of this jar. The first caller after the jar was built makes it, with a run
   * that succeeds; the test JVMs beside it wait for that.
   */
  static Path of(Path jar) throws IOException {
    Path archive = Files.createDirectories(DIRECTORY).resolve("caravan.jsa").toAbsolutePath();
    try (FileChannel channel =
            FileChannel.open(
                DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      if (!isNewer(archive, jar)) {
        make(archive);
      }
    }
    return archive;
  }

  private static boolean isNewer(Path archive, Path jar) throws IOException {
    return Files.exists(archive)
        && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private static void make(Path archive) throws IOException {
    Path directory = Files.createTempDirectory(DIRECTORY.toAbsolutePath(), "run-");
    Path unfinished = directory.resolve("caravan.jsa");
    try (LocalWorld world = LocalWorld.create(directory)) {
      ChildProcess orchestrator =
          world.startWith("-XX:ArchiveClassesAtExit=" + unfinished, "run", "--date", "2026-01-02");
      assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.log()).contains(0);
      Files.move(unfinished, archive, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the archive was made", e);
    }
    Directories.delete(directory);
  }
}
