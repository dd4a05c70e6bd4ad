package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.pipelines.PromisedOutput;
import dev.caravan.shared.FatalException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExpectOutputTest {
  @RegisterExtension final Stage stage = new Stage();

  private void expect(PromisedOutput... outputs) {
    if (stage.context().findRun().isEmpty()) {
      stage.claimAndName("mart");
    }
    stage.define(Stage.job("mart", List.of(outputs)));
    stage.context().jobSucceeded(1);
    new ExpectOutput().process(stage.exchange);
  }

  private static PromisedOutput output(String location) {
    return Stage.output(location, 1);
  }

  @Test
  void namesBucketAndPrefixOfTheDate() {
    expect(output("s3://lake/mart/date={date}"));

    assertThat(stage.context().outputBucket()).isEqualTo("lake");
    assertThat(stage.context().outputPrefix()).isEqualTo("mart/date=2026-11-21/");
  }

  @Test
  void namesTheNextOfSeveralUntilNoneIsLeft() {
    expect(output("s3://lake/mart/"), output("s3://other/x/"));
    assertThat(stage.context().outputPrefix()).isEqualTo("mart/");

    stage.context().work().outputVerified();
    new ExpectOutput().process(stage.exchange);
    assertThat(stage.context().outputBucket()).isEqualTo("other");
    assertThat(stage.context().verificationPending()).isTrue();

    stage.context().work().outputVerified();
    new ExpectOutput().process(stage.exchange);
    assertThat(stage.context().outputExpected()).isFalse();
    assertThat(stage.context().verificationPending()).isFalse();
  }

  @Test
  void jobThatPromisesNothingHasNothingToAwait() {
    expect();

    assertThat(stage.context().outputExpected()).isFalse();
    assertThat(stage.context().outputBucket()).isEmpty();
  }

  @Test
  void nothingOfTheJobBeforeIsLeftForAJobThatPromisesNothing() {
    expect(output("s3://lake/mart/"));
    expect();

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
