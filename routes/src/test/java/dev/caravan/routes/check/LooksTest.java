package dev.caravan.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Looks side by side: what fails or hangs is a finding, and keeps no other. */
class LooksTest {
  private static Look look(String subject, Callable<List<Finding>> look) {
    return new Look(Finding.Group.S3, subject, "caravan.s3.endpoint", look);
  }

  @Test
  void lookThatFailsOrHangsIsAFindingOfItsOwn() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Looks looks = new Looks(Duration.ofSeconds(1))) {
      List<Finding> findings =
          looks.at(
              List.of(
                  look(
                      "hangs",
                      () -> {
                        never.await();
                        return List.of();
                      }),
                  look("good", () -> List.of(Finding.ok(Finding.Group.S3, "good", "Good."))),
                  look(
                      "refused",
                      () -> {
                        throw new FatalException("No.");
                      }),
                  look(
                      "away",
                      () -> {
                        throw new RetryableException("Not now.");
                      }),
                  look(
                      "broken",
                      () -> {
                        throw new IllegalStateException();
                      })));
      assertThat(findings)
          .extracting(each -> each.subject() + " " + each.result() + " " + each.message())
          .containsExactly(
              "hangs UNREACHABLE It gave no answer within 1 s.",
              "good OK Good.",
              "refused FAULT No.",
              "away UNREACHABLE Not now.",
              "broken FAULT java.lang.IllegalStateException");
      assertThat(findings.get(2).key()).contains("caravan.s3.endpoint");
    }
  }
}
