package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.Chaos;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few runs of the chaos suite, so that it can't rot; {@code ./caravan chaos} plays many. */
class ChaosIT {
  @TempDir Path directory;

  /** A backfill, a pair on PostgreSQL, and a server alone, one of each. */
  @Test
  void noPromiseIsBrokenByRandomStrikes() {
    int exitCode =
        Chaos.commandLine()
            .execute(
                "--runs", "3",
                "--seed", "20261613",
                // Where about the strikes fall; counting takes an undisturbed run of each shape.
                "--counted", "59,67,113,60,112,239",
                "--parallel", "3",
                "--out", directory.resolve("chaos.json").toString());

    assertThat(directory.resolve("chaos.json")).content().contains("\"violations\" : 0");
    assertThat(exitCode).isZero();
  }

  /** The start of the cluster, and jobs of the second and the third run of a session. */
  @Test
  void noPromiseIsBrokenByASmallSweep() {
    int exitCode =
        Chaos.commandLine()
            .execute(
                "--sweep",
                "--only",
                "9:before-answer:orchestrator,60:after-answer:orchestrator,80:before:endpoint",
                "--parallel",
                "3",
                "--out",
                directory.resolve("sweep.json").toString());

    assertThat(directory.resolve("sweep.json"))
        .content()
        .contains("\"violations\" : 0")
        .doesNotContain("NOT_STRUCK");
    assertThat(exitCode).isZero();
  }
}
