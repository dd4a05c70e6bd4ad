package dev.caravan.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 3 * * *       | Every day at 03:30",
        "0 6,18 * * *     | Every day at 06:00 and 18:00",
        "5 8-10 * * *     | Every day at 08:05, 09:05 and 10:05",
        "0 3 * * 1-5      | Every day from Monday to Friday at 03:00",
        "0 3 * * MON-FRI  | Every day from Monday to Friday at 03:00",
        "0 3 * * 0        | Every Sunday at 03:00",
        "0 3 * * 7        | Every Sunday at 03:00",
        "0 3 * * mon,wed  | Every Monday and Wednesday at 03:00",
        "0 3 1 * *        | On day 1 of every month at 03:00",
        "0 3 1,15 * *     | On days 1 and 15 of every month at 03:00",
        "0 0 1 1 *        | On 1 January at 00:00",
        "0 0 1 1,7 *      | On 1 January and July at 00:00",
        "*/15 * * * *     | Every 15 minutes",
        "* * * * *        | Every minute",
        "0 * * * *        | Every hour, on the hour",
        "7 * * * *        | Every hour, at minute 7",
        "15 */6 * * *     | Every 6 hours, from 00:15",
        "*/15 * * * 1-5   | Every 15 minutes, every day from Monday to Friday",
        "0 * 1 * *        | Every hour, on the hour, on day 1 of every month"
      })
  void usualExpressionsAreSentences(String expression, String words) {
    assertThat(CronWords.of(expression)).contains(words);
  }

  /** Either kind of days counts where both are set, and a period that no hour ends is uneven. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 3 1 * 1",
        "*/7 * * * *",
        "0 */5 * * *",
        "0,30 3 * * *",
        "0 3 * 2 *",
        "0 3 L * *",
        "0 3 * * 1#2",
        "0 0-23 * * *",
        "0 3 * *"
      })
  void unusualOnesAreLeftToTheLibrary(String expression) {
    assertThat(CronWords.of(expression)).isEmpty();
  }
}
