package dev.caravan.shared.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.settings.SettingsException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {
  @TempDir Path directory;

  private Credentials read(String lines) throws Exception {
    return Credentials.read(
        Files.writeString(directory.resolve("credentials"), lines.replace(' ', '\n')), "submit");
  }

  @Test
  void eachHasItsRights() throws Exception {
    Credentials credentials =
        read("bearer.a=one bearer.b=two basic.c=three rights.a=read rights.c=ADMIN");

    assertThat(credentials.caller("Bearer one")).contains(new Caller("a", Rights.READ));
    assertThat(credentials.caller("BEARER two")).contains(new Caller("b", Rights.OPERATE));
    assertThat(credentials.caller("basic Yzp0aHJlZQ==")).contains(new Caller("c", Rights.ADMIN));
    assertThat(credentials.caller("Bearer three")).isEmpty();
    assertThat(credentials.caller(null)).isEmpty();
  }

  @Test
  void namesAndPasswordsBeyondAsciiComeInEitherEncoding() throws Exception {
    Credentials credentials = read("basic.rené=pässword basic.иван=пароль");

    for (Charset charset : List.of(UTF_8, ISO_8859_1)) {
      assertThat(credentials.caller(basic("rené:pässword", charset)))
          .contains(new Caller("rené", Rights.OPERATE));
      assertThat(credentials.caller(basic("rene:passwort", charset))).isEmpty();
    }
    assertThat(credentials.caller(basic("иван:пароль", UTF_8)))
        .contains(new Caller("иван", Rights.OPERATE));
    assertThat(credentials.caller(basic("????:??????", UTF_8))).isEmpty();
  }

  private static String basic(String pair, Charset charset) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(charset));
  }

  @ParameterizedTest
  @CsvSource({
    "'', contains neither a basic.<user> nor a bearer.<name>",
    "bearer.a=, The credential of a in",
    "bearer.a=x rights.a=root, is not one of read submit admin",
    "baerer.a=x, The setting baerer.a is unknown; the nearest known one is bearer.",
    "bearer.a=x baerer.b=y, The setting baerer.b is unknown"
  })
  void aFileThatWouldLetNobodyOrAnybodyInStopsTheBoot(String lines, String said) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> read(lines))
        .satisfies(e -> assertThat(e.getMessage().replace(",", "")).contains(said))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("=x").doesNotContain("=y"));
  }
}
