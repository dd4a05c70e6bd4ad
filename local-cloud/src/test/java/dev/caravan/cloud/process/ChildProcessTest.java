package dev.caravan.cloud.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path directory;

  /** A command that starts a process, as chaos and the benchmarks do, and waits. */
  static final class Parent {
    public static void main(String[] args) throws IOException, InterruptedException {
      ChildProcess.endAllAtExit();
      Path log = Path.of(args[0]);
      ChildProcess child = ChildProcess.start("a child", List.of("sleep", "600"), Map.of(), log);
      Files.writeString(log.resolveSibling("pid"), Long.toString(child.pid()));
      child.exitCode(Duration.ofMinutes(10));
    }
  }

  @Test
  void whatACommandStartedEndsWithItAlsoBySignal() throws Exception {
    List<String> command =
        ChildProcess.java(
            "64m",
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName(),
            directory.resolve("child.log").toString());
    try (ChildProcess parent =
        ChildProcess.start("a command", command, Map.of(), directory.resolve("parent.log"))) {
      Path pid = directory.resolve("pid");
      long child = parent.await("its child runs", PATIENCE, () -> read(pid).map(Long::parseLong));
      assertThat(ProcessHandle.of(child)).isPresent();

      ProcessHandle.of(parent.pid()).orElseThrow().destroy();

      assertThat(parent.exitCode(PATIENCE)).contains(143);
      assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file)).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
