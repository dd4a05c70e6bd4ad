package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.JobConfig;
import dev.caravan.processors.JobConfigs;
import dev.caravan.shared.FatalException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExpectOutputTest {
  @RegisterExtension final Stage stage = new Stage();

  private void expect(Optional<JobConfig.Output> output) {
    if (stage.context().findRun().isEmpty()) {
      stage.claimAndName("mart");
    }
    new ExpectOutput(new JobConfigs(List.of(Stage.job("mart", output)))).process(stage.exchange);
  }

  private static Optional<JobConfig.Output> output(String location) {
    return Optional.of(new JobConfig.Output(location, 1, 0, 0, List.of()));
  }

  @Test
  void namesBucketAndPrefixOfTheDate() {
    expect(output("s3://lake/mart/date={date}"));

    assertThat(stage.context().outputBucket()).isEqualTo("lake");
    assertThat(stage.context().outputPrefix()).isEqualTo("mart/date=2026-11-21/");
  }

  @Test
  void jobThatPromisesNothingHasNothingToAwait() {
    expect(Optional.empty());

    assertThat(stage.context().outputExpected()).isFalse();
    assertThat(stage.context().outputBucket()).isEmpty();
  }

  @Test
  void nothingOfTheJobBeforeIsLeftForAJobThatPromisesNothing() {
    expect(output("s3://lake/mart/"));
    expect(Optional.empty());

    assertThat(stage.context().outputExpected()).isFalse();
    assertThat(stage.context().outputBucket()).isEmpty();
    assertThat(stage.context().outputPrefix()).isEmpty();
  }

  @Test
  void placeThatIsNotInS3IsSaid() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> expect(output("file:///mart/")))
        .withMessageContaining("s3://bucket/path");
  }
}
