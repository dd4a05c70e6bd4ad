package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.batches.BatchState;
import dev.caravan.shared.batches.IdempotencyKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, states, credentials, time-outs: what the client is given and what it refuses. */
class BatchValuesTest {
  private static final LocalDate DATE = LocalDate.of(2026, 11, 22);

  @Test
  void keyIsDerivedAndSoTheSameAfterACrash() {
    assertThat(IdempotencyKey.of("datamarts-2026-11-22", "users-demographic-dm", DATE, 2))
        .hasToString("datamarts-2026-11-22/users-demographic-dm/2026-11-22/2")
        .isEqualTo(IdempotencyKey.of("datamarts-2026-11-22", "users-demographic-dm", DATE, 2))
        .isNotEqualTo(IdempotencyKey.of("datamarts-2026-11-22", "users-demographic-dm", DATE, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "", "имя", "a b", "a\r\nX: y", "a,b"})
  void partOfAKeyThatCouldMakeTwoSubmissionsOneIsRefused(String part) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdempotencyKey.of(part, "job", DATE, 1))
        .withMessageContaining("rename it");
    assertThatIllegalArgumentException().isThrownBy(() -> IdempotencyKey.of("run", part, DATE, 1));
  }

  @Test
  void keyHasBounds() {
    assertThat(new IdempotencyKey("k".repeat(128)).value()).hasSize(128);
    assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey("k".repeat(129)));
    assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey(""));
    assertThatIllegalArgumentException().isThrownBy(() -> IdempotencyKey.of("r", "j", DATE, 0));
  }

  @ParameterizedTest
  @EnumSource(BatchState.class)
  void statesAreReadInLowerCaseAndFinishedOnlyAtAnEnd(BatchState state) {
    assertThat(BatchState.of(state.name().toLowerCase(java.util.Locale.ROOT))).isEqualTo(state);
    assertThat(state.isFinished())
        .isEqualTo(List.of("SUCCESS", "DEAD", "KILLED", "ERROR").contains(state.name()));
  }

  @ParameterizedTest
  @CsvSource({
    "not_started, STARTING",
    "recovering, RUNNING",
    "shutting_down, RUNNING",
    "idle, UNKNOWN",
    "busy, UNKNOWN",
    "finished, UNKNOWN",
    "'', UNKNOWN"
  })
  void wordsThatOurEndpointNeverSaysAreNoEnd(String word, BatchState state) {
    assertThat(BatchState.of(word)).isEqualTo(state);
    assertThat(BatchState.of(word).isFinished()).isFalse();
  }

  @Test
  void requestNeedsAFile() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchRequest.of(" ", "Main", "name", List.of(), Map.of()));
  }

  @Test
  void timeoutsHaveBounds() {
    for (Duration bad :
        List.of(
            Duration.ZERO, Duration.ofMillis(-1), Duration.ofMillis(4001), Duration.ofDays(1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> config(bad, Duration.ofSeconds(4)))
          .withMessageContaining("connect");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> config(Duration.ofSeconds(4), bad))
          .withMessageContaining("response");
    }
  }

  private static BatchClientConfig config(Duration connect, Duration response) {
    return new BatchClientConfig(EndpointCredentials.none(), connect, response, Optional.empty());
  }

  @Test
  void credentialsAreReadFromAFileAndNeverPrinted(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("credentials");

    Files.writeString(file, "bearer=t0ken\n");
    assertThat(EndpointCredentials.read(file).authorization()).contains("Bearer t0ken");
    assertThat(EndpointCredentials.read(file)).hasToString("EndpointCredentials[bearer]");

    Files.writeString(file, "user=u\npassword=pä ss:\n");
    assertThat(EndpointCredentials.read(file).authorization()).contains("Basic dTpww6Qgc3M6");
    assertThat(EndpointCredentials.read(file)).hasToString("EndpointCredentials[basic]");

    assertThat(EndpointCredentials.none().authorization()).isEmpty();
    assertThat(config(Duration.ofSeconds(1), Duration.ofSeconds(1)).toString())
        .contains("EndpointCredentials[none]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "token=s3cr3t",
        "bearer=",
        "bearer=s3cr3t two",
        "bearer=s3cr3t\nuser=a\npassword=b",
        "user=a:b\npassword=s3cr3t",
        "password=s3cr3t",
        "bearer=s3cr3t\\u00zz"
      })
  void badCredentialsFileIsNamedWithoutItsSecret(String text) throws Exception {
    Path file = Files.createTempFile("credentials", "");
    try {
      Files.writeString(file, text);
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> EndpointCredentials.read(file))
          .withMessageContaining(file.toString())
          .withMessageNotContaining("s3cr3t")
          .withNoCause();
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void missingCredentialsFileIsFatal(@TempDir Path folder) {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> EndpointCredentials.read(folder.resolve("none")))
        .withMessageContaining("doesn't exist");
  }
}
