package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.chaos.Chaos;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few runs of the chaos suite, so that it can't rot; {@code ./caravan chaos} plays many. */
class ChaosIT {
  @TempDir Path directory;

  @Test
  void noPromiseIsBrokenByRandomStrikes() {
    int exitCode =
        Chaos.commandLine()
            .execute(
                "--runs", "3",
                "--seed", "20261126",
                "--parallel", "3",
                "--out", directory.resolve("chaos.json").toString());

    assertThat(exitCode).as("the violations stand on the standard output").isZero();
    assertThat(directory.resolve("chaos.json")).content().contains("\"violations\" : 0");
  }

  /** The first start, a job under way, and the end of a session of three runs. */
  @Test
  void noPromiseIsBrokenByASmallSweep() {
    int exitCode =
        Chaos.commandLine()
            .execute(
                "--sweep",
                "--only",
                "3:before-answer:orchestrator,25:after-answer:orchestrator,40:before:endpoint",
                "--parallel",
                "3",
                "--out",
                directory.resolve("sweep.json").toString());

    assertThat(exitCode).as("the violations stand on the standard output").isZero();
    assertThat(directory.resolve("sweep.json"))
        .content()
        .contains("\"violations\" : 0")
        .doesNotContain("NOT_STRUCK");
  }
}
