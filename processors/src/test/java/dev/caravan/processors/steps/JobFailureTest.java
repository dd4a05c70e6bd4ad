package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.batches.Batch;
import dev.caravan.shared.batches.BatchState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFailureTest {
  private static String describe(String... log) {
    return describe(Map.of(), log);
  }

  private static String describe(Map<String, String> further, String... log) {
    Batch batch =
        new Batch(
            7, Optional.empty(), BatchState.DEAD, "dead", Optional.empty(), List.of(), further);
    return JobFailure.describe("mart", batch, List.of(log));
  }

  @ParameterizedTest
  @CsvSource({
    "64, with exit code 64 (bad arguments)",
    "65, with exit code 65 (unusable input)",
    "66, with exit code 66 (no input in the window)",
    "1, with exit code 1",
    "137, with exit code 137",
  })
  void exitCodeIsSaidInWords(int code, String words) {
    assertThat(describe(Map.of("exitCode", Integer.toString(code))))
        .isEqualTo("Job mart failed: batch 7 ended dead " + words);
  }

  @Test
  void theLogsAddressStandsAtTheEnd() {
    assertThat(describe(Map.of("logAddress", "s3://lake/logs/tag/"), "the last line"))
        .isEqualTo("Job mart failed: batch 7 ended dead: the last line (log: s3://lake/logs/tag/)");
  }

  @Test
  void jobsOwnWordIsPreferredToTheLastLine() {
    assertThat(
            describe(
                "stderr: ",
                "caravan-spark-jobs: no column user_id",
                "26/11/22 INFO ShutdownHookManager: Deleting directory"))
        .isEqualTo("Job mart failed: batch 7 ended dead: no column user_id");
  }

  @Test
  void lastLineStandsInForAJobThatSaysNothing() {
    assertThat(
            describe(
                Map.of("exitCode", "1"),
                "caravan: exit code 1",
                "stdout: ",
                "Exception in thread main: boom",
                "  ",
                "\nstderr: ",
                "\nYARN Diagnostics: "))
        .isEqualTo(
            "Job mart failed: batch 7 ended dead with exit code 1: Exception in thread main: boom");
  }

  @Test
  void whatSparkWritesAfterTheReasonIsPassedOver() {
    assertThat(
            describe(
                "Error: Failed to load class X.",
                "\tat org.example.Main.main(Main.java:1)",
                "\t... 12 more",
                "26/11/22 15:20:58 INFO ShutdownHookManager: Shutdown hook called",
                "\nstderr: "))
        .isEqualTo("Job mart failed: batch 7 ended dead: Error: Failed to load class X.");
  }

  @Test
  void withoutALogNothingIsInvented() {
    assertThat(describe()).isEqualTo("Job mart failed: batch 7 ended dead");
    assertThat(describe("stdout: ", "\nstderr: ")).isEqualTo("Job mart failed: batch 7 ended dead");
  }

  @Test
  void endpointsReasonStandsInForABatchWithoutOutput() {
    assertThat(describe(Map.of("reason", "it was killed by its time limit"), "stdout: "))
        .isEqualTo("Job mart failed: batch 7 ended dead: it was killed by its time limit");
  }
}
