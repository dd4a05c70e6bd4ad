package dev.caravan.shared.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "plain \u00e9 \ud83d\ude80,plain \u00e9 \ud83d\ude80",
        "\u001b[31mred\u001b[0m,red",
        "\u001b]0;title\u0007text,text",
        "\u001b,\u27e8U+001B\u27e9",
        "\u202egnp.exe,\u27e8U+202E\u27e9gnp.exe",
        "a\u2066b,a\u27e8U+2066\u27e9b",
        "bell\u0007,bell\u27e8U+0007\u27e9",
        "tab\tstays,tab\tstays"
      })
  void nothingIsMoreThanText(String text, String plain) {
    assertThat(PlainText.of(text)).isEqualTo(plain);
  }
}
