package dev.caravan.cloud.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.parquet.ParquetTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {

  @TempDir Path directory;
  private final StringWriter err = new StringWriter();

  private int demo(String... options) {
    return Demo.commandLine().setErr(new PrintWriter(err, true)).execute(options);
  }

  @ParameterizedTest
  @CsvSource({
    "--fail=no-such-job, 'no-such-job'",
    "--rows=299, 10 rows for each day",
    "--rows=many, 'many' is not a long",
    "--date=yesterday, cannot convert 'yesterday'",
    "--dry, Unknown option: '--dry'",
    "--row=300, 'Unknown option: ''--row=300'', did you mean --rows? (--help'",
    "--job=a b, 'letters, digits and hyphens'",
    "--job=, 'letters, digits and hyphens'",
  })
  void aWrongOptionIsNamedInOneLine(String option, String named) {
    assertThat(demo(option)).isEqualTo(2);
    assertThat(err.toString()).contains(named).hasLineCount(1);
  }

  @Test
  void optionsThatDontGoTogetherAreNamed() {
    assertThat(demo("--stay", "--dates=3")).isEqualTo(2);
    assertThat(err.toString()).contains("--dates has no meaning together with --stay");
    assertThat(demo("--jar=x.jar")).isEqualTo(2);
    assertThat(err.toString()).contains("--jar needs --stay");
    assertThat(demo("--stay", "--pipeline=" + directory)).isEqualTo(2);
    assertThat(err.toString())
        .contains("--pipeline must be a file whose name ends in .yaml, not " + directory)
        .hasLineCount(3);
  }

  @Test
  void aLocalTimeIsShownWithoutTheZOfUtc() {
    ParquetTable shown =
        MartRows.localTimes(
            new ParquetTable(
                List.of("processed_dttm", "local_time"),
                List.of(List.of("2026-03-01T10:11:12Z", "2026-03-01T21:11:12Z"), List.of("", "")),
                2));
    assertThat(shown.rows())
        .containsExactly(List.of("2026-03-01T10:11:12Z", "2026-03-01T21:11:12"), List.of("", ""));
  }

  @Test
  void whatIsMissingIsNamedWithTheCommandThatBuildsIt() {
    assertThat(
            demo(
                "--orchestrator-jar=/nowhere/caravan.jar",
                "--endpoint-jar=/nowhere/endpoint.jar",
                "--jobs-jar=/nowhere/jobs.jar",
                "--spark-home=/nowhere/spark",
                "--s3-home=/nowhere/s3"))
        .isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(5)
        .anyMatch(
            line -> line.contains("/nowhere/caravan.jar is missing") && line.contains("-pl routes"))
        .anyMatch(line -> line.contains("/nowhere/spark/bin/spark-submit is missing"));
  }

  @Test
  void aDirectoryWithSomethingInItIsRefused() throws Exception {
    Path something = Files.createFile(directory.resolve("something"));
    Files.createDirectories(directory.resolve("bin"));
    Files.createFile(directory.resolve("bin/spark-submit"));
    Files.createDirectories(directory.resolve("lib"));
    assertThat(
            demo(
                "--orchestrator-jar=" + something,
                "--endpoint-jar=" + something,
                "--jobs-jar=" + something,
                "--spark-home=" + directory,
                "--s3-home=" + directory,
                "--keep=" + directory))
        .isEqualTo(2);
    assertThat(err.toString()).contains(directory + " is not empty");
  }
}
