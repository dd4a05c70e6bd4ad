package dev.caravan.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

  @Test
  void theUsualFormIsReadAsSparkReadsIt() {
    SplittableRandom random = new SplittableRandom(1);
    String[] endings = {"", "Z", ".5", ".000Z", ".123456", ".000001Z"};
    for (int i = 0; i < 20_000; i++) {
      LocalDateTime time =
          LocalDateTime.of(0, 1, 1, 0, 0, 0).plusSeconds(random.nextLong(9999L * 365 * 24 * 3600));
      String text =
          String.format("%1$tF%2$c%1$tT", time, i % 2 == 0 ? 'T' : ' ')
              + endings[i % endings.length];
      assertThat(IsoTime.usual(text)).as(text).isNotNull().isEqualTo(IsoTime.bySpark(text));
      assertThat(IsoTime.micros(text)).as(text).isEqualTo(IsoTime.usual(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2022-02-29T10:00:00",
        "2022-13-01T10:00:00",
        "2022-00-01T10:00:00",
        "2022-01-00T10:00:00",
        "2022-04-31T10:00:00Z",
        "2022-04-26T24:00:00",
        "2022-04-26T10:60:00",
        "2022-04-26T10:00:60",
        "2022-04-26T10:00:0x",
        "2022-04-26x10:00:00",
        "2022-04-26T10:00:00.Z",
        "2022-04-26T10:00:00ZZ",
        "-022-04-26T10:00:00",
        "٢٠٢٢-04-26T10:00:00",
        "2022-04-26T10:00:00+02:00",
        "2022-04-26T10:00:00.1234567Z",
        "2022-04-26T10:00",
        "2022-04-26",
        "Z",
        ""
      })
  void allElseIsLeftToSpark(String text) {
    assertThat(IsoTime.usual(text)).isNull();
    assertThat(IsoTime.micros(text))
        .isEqualTo(text.startsWith("2022-04-26") ? IsoTime.bySpark(text) : null);
  }

  @Test
  void noTextIsNoTime() {
    assertThat(IsoTime.micros(null)).isNull();
  }
}
