package dev.caravan.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A difference of clocks that a server's date shows, for certain. */
class ClockSkewTest {
  private static final Instant ASKED = Instant.parse("2026-11-29T12:00:00.900Z");
  private static final Instant ANSWERED = Instant.parse("2026-11-29T12:00:03.100Z");

  @ParameterizedTest
  @CsvSource({
    "12:00:00, OK, within 10 s",
    "12:00:03, OK, within 10 s",
    "11:59:50, OK, within 10 s",
    "11:59:49, WARNING, Our clock is 10 s ahead of its",
    "12:00:14, WARNING, Our clock is 10 s behind its",
    "12:04:59, WARNING, Our clock is 295 s behind its",
    "12:05:04, FAULT, Our clock is 300 s behind its",
    "11:50:00, FAULT, Our clock is 599 s ahead of its"
  })
  void skewIsJudgedBesideTheTimeOfTheAnswer(String date, String result, String words) {
    Finding finding =
        ClockSkew.of("S3", ASKED, ANSWERED, Instant.parse("2026-11-29T" + date + "Z"));
    assertThat(finding.result()).isEqualTo(Finding.Result.valueOf(result));
    assertThat(finding.message()).contains(words);
  }
}
