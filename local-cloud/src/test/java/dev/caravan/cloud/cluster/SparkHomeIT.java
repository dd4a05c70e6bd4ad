package dev.caravan.cloud.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.TestJar;
import dev.caravan.cloud.process.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkHomeIT {

  private static final Path HOME = Path.of("spark-home/target/spark-home");

  @TempDir Path directory;

  private ChildProcess submit(List<String> words) throws Exception {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/spark-submit").toString()));
    command.addAll(words);
    return ChildProcess.start(
        "spark-submit",
        command,
        Map.of("SPARK_LOCAL_IP", "127.0.0.1", "JAVA_HOME", System.getProperty("java.home")),
        directory.resolve("log"));
  }

  @Test
  void runsAJobWithItsArgumentsAndExitCodeUnchanged() throws Exception {
    Path jar = TestJar.of(EchoJob.class, directory.resolve("echo.jar"));
    List<String> words =
        List.of(
            "--master",
            "local[1]",
            "--class",
            EchoJob.class.getName(),
            jar.toString(),
            "",
            "a b",
            "*",
            "two\nlines",
            "--conf");
    try (ChildProcess submit = submit(words)) {
      assertThat(submit.exitCode(Duration.ofSeconds(60))).contains(7);
      assertThat(submit.log()).contains("[]\n[a b]\n[*]\n[two\nlines]\n[--conf]\n");
    }
  }

  @Test
  void aWrongOptionIsRefused() throws Exception {
    try (ChildProcess submit = submit(List.of("--no-such-option"))) {
      assertThat(submit.exitCode(Duration.ofSeconds(60))).contains(1);
      assertThat(submit.log()).contains("--no-such-option");
    }
  }
}
