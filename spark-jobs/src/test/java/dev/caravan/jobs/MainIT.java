package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestLake;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar under Spark's own submit program, as a process: its exit status is what others
 * see.
 */
class MainIT {
  private static final Path JAR = Path.of("target/caravan-spark-jobs.jar").toAbsolutePath();

  /** Of class files for Java 8. */
  private static final int JAVA_8 = 52;

  @TempDir private Path root;

  private int submit(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-X"))
        .forEach(command::add);
    // The submit program must find our classes in the jar it is given, not in the test's class
    // path.
    String spark =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar") && !entry.equals(JAR.toString()))
            .collect(Collectors.joining(File.pathSeparator));
    command.addAll(
        Arrays.asList(
            "-cp",
            spark,
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local[1]",
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.dir=file:" + root.resolve("event-logs"),
            "--conf",
            "spark.driver.bindAddress=127.0.0.1",
            "--conf",
            "spark.driver.host=127.0.0.1",
            JAR.toString()));
    command.addAll(Arrays.asList(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("output").toFile());
    builder.environment().put("CARAVAN_SUMMARY", root.resolve("left").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("ended in time").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private String[] words(TestLake lake, String date) {
    return new String[] {
      "users-demographic-dm",
      "--date",
      date,
      "--depth",
      "2",
      "--src",
      lake.events(),
      "--coords",
      lake.dictionary(),
      "--tgt",
      "file:" + root.resolve("marts")
    };
  }

  @Test
  void exitStatusTellsHowItEnded() throws Exception {
    TestLake lake = new TestLake(root).cities();
    lake.day("2022-05-01", new RawEvents().message(1, 10, "2022-05-01T10:00:00", -33.8, 151.2));
    assertThat(submit(words(lake, "2022-05-02"))).isZero();
    assertThat(root.resolve("marts/users-demographic-dm/date=2022-05-02/_SUCCESS")).exists();
    assertThat(Files.readString(root.resolve("left"))).contains("\"exitCode\" : 0", "rowsWritten");
    assertThat(root.resolve("event-logs").toFile().list()).hasSize(1);
    assertThat(submit(words(lake, "2021-05-02"))).isEqualTo(66);
    assertThat(Files.readString(root.resolve("left"))).contains("\"exitCode\" : 66");
    assertThat(submit("users-demographic-dm")).isEqualTo(64);
    assertThat(Files.readAllLines(root.resolve("output")))
        .filteredOn(line -> line.startsWith("caravan-spark-jobs: "))
        .singleElement()
        .asString()
        .contains("--date is missing");
  }

  @Test
  void classesAreForJava8() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<Integer> versions = new ArrayList<>();
      for (var entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        byte[] head = jar.getInputStream(entry).readNBytes(8);
        versions.add((head[6] << 8) + head[7]);
      }
      assertThat(versions).isNotEmpty().containsOnly(JAVA_8);
    }
  }
}
