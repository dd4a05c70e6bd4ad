package dev.caravan.processors.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.notifications.NotificationTarget.Address;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotificationTargetTest {
  private static final String TOKEN = "123456:AAH-secret_token";

  @TempDir Path directory;

  private SecretFile file(String text) throws IOException {
    return new SecretFile("The file", Files.writeString(directory.resolve("secret"), text));
  }

  private static NotificationTarget target(
      TargetForm form, Optional<Address> url, Optional<SecretFile> token) {
    return new NotificationTarget(
        "ops",
        form,
        url,
        token,
        Optional.of("1"),
        Optional.empty(),
        Set.of("marts"),
        Set.of(AlarmKind.RUN_FAILED, AlarmKind.STOP_FAILED),
        Optional.empty());
  }

  @Test
  void noErrorTellsTheTokenOrThePathOfAWebhook() throws IOException {
    NotificationTarget telegram =
        target(TargetForm.TELEGRAM, Optional.empty(), Optional.of(file(TOKEN)));
    assertThat(
            telegram.redact(
                "Connect to https://api.telegram.org/bot"
                    + TOKEN
                    + "/sendMessage failed; "
                    + TOKEN))
        .isEqualTo("Connect to https://api.telegram.org/*** failed; ***");

    String hook = "https://hooks.example/services/T0/B0/xyz";
    NotificationTarget chat =
        target(TargetForm.CHAT, Optional.of(Address.in(file(hook))), Optional.empty());
    assertThat(chat.redact("POST " + hook + ": 404, see https://hooks.example/services/T0"))
        .doesNotContain("services", "xyz");
    assertThat(chat.toString()).doesNotContain("services");
    assertThat(target(TargetForm.CHAT, Optional.of(Address.of(hook)), Optional.empty()).toString())
        .doesNotContain("services");
  }

  @Test
  void addressThatIsNoneIsRefusedWithoutBeingQuoted() throws IOException {
    Address address = Address.in(file("hooks.example/services/xyz"));
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(address::read)
        .withMessageContaining("holds no address")
        .withMessageNotContaining("services");
  }

  @Test
  void getsItsKindsOfItsPipelinesAndAlwaysThoseOfClusters() {
    NotificationTarget target =
        target(TargetForm.CHAT, Optional.of(Address.of("http://a")), Optional.empty());

    assertThat(target.gets(AlarmKind.RUN_FAILED, Optional.of("marts"))).isTrue();
    assertThat(target.gets(AlarmKind.RUN_FAILED, Optional.of("reports"))).isFalse();
    assertThat(target.gets(AlarmKind.RUN_LATE, Optional.of("marts"))).isFalse();
    assertThat(target.gets(AlarmKind.STOP_FAILED, Optional.empty())).isTrue();
    assertThat(target.watches("marts")).as("a ping tells of runs, not of alarms").isFalse();
  }

  @Test
  void monitorWatchesItsPipelineAndGetsNoAlarm() {
    NotificationTarget monitor =
        target(TargetForm.PING, Optional.of(Address.of("http://a")), Optional.empty());

    assertThat(monitor.watches("marts")).isTrue();
    assertThat(monitor.watches("reports")).isFalse();
    assertThat(monitor.gets(AlarmKind.RUN_FAILED, Optional.of("marts"))).isFalse();
  }
}
