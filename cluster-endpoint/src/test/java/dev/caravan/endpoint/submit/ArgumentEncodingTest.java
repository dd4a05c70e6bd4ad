package dev.caravan.endpoint.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentEncodingTest {
  @Test
  void whatTheLocaleCanSayPasses() {
    assertThat(new ArgumentEncoding(StandardCharsets.UTF_8).check(List.of("мир", "\n")))
        .containsExactly("мир", "\n");
    assertThat(new ArgumentEncoding(StandardCharsets.US_ASCII).check(List.of("plain"))).hasSize(1);
  }

  @Test
  void whatWouldArriveAsAQuestionMarkIsRefused() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(
            () -> new ArgumentEncoding(StandardCharsets.US_ASCII).check(List.of("ok", "мир")))
        .withMessageContaining("'мир'")
        .withMessageContaining("LC_ALL=C.UTF-8");
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> new ArgumentEncoding(StandardCharsets.UTF_8).check(List.of("\ud800")))
        .withMessageContaining("surrogates");
  }
}
