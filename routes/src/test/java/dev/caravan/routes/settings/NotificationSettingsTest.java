package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.notifications.NotificationTarget;
import dev.caravan.processors.notifications.QuietHours;
import dev.caravan.processors.notifications.TargetForm;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationSettingsTest {
  @TempDir Path directory;
  private TestInstallation installation;

  @BeforeEach
  void create() throws IOException {
    installation = new TestInstallation(directory);
  }

  private NotificationSettings read() throws IOException {
    return installation.read().notifications();
  }

  private NotificationTarget only() throws IOException {
    assertThat(read().targets()).hasSize(1);
    return read().targets().get(0);
  }

  @Test
  void nobodyIsToldByDefault() throws IOException {
    NotificationSettings settings = read();

    assertThat(settings.targets()).isEmpty();
    assertThat(settings.server()).isEmpty();
    assertThat(settings.serverEvery()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void blankKeyCountsAsAbsent() throws IOException {
    installation.set("caravan.ping.marts", "").set("caravan.notify.ops.kind", " ");
    assertThat(read().targets()).isEmpty();
  }

  @Test
  void targetIsReadWithAllThatIsSet() throws IOException {
    installation.write("hook", "https://hooks.example/secret");
    installation
        .set("caravan.notify.ops.kind", "chat")
        .set("caravan.notify.ops.url-file", "hook")
        .set("caravan.notify.ops.pipelines", "marts")
        .set("caravan.notify.ops.kinds", "run-failed, stop-failed")
        .set("caravan.notify.ops.quiet", "22:00-07:00 Europe/Moscow");
    NotificationTarget target = only();

    assertThat(target.name()).isEqualTo("ops");
    assertThat(target.form()).isEqualTo(TargetForm.CHAT);
    assertThat(target.pipelines()).containsExactly("marts");
    assertThat(target.kinds())
        .containsExactlyInAnyOrder(AlarmKind.RUN_FAILED, AlarmKind.STOP_FAILED);
    assertThat(target.quiet()).contains(QuietHours.parse("22:00-07:00 Europe/Moscow"));
    assertThat(target.toString()).doesNotContain("secret");
  }

  @Test
  void mailAndTelegramNeedNoAddress() throws IOException {
    installation.write("token", "1:a");
    installation
        .set("caravan.notify.a.kind", "mail")
        .set("caravan.notify.a.smtp", "smtps://mail.example:465")
        .set("caravan.notify.a.from", "a@example.org")
        .set("caravan.notify.a.to", "b@example.org, c@example.org")
        .set("caravan.notify.b.kind", "telegram")
        .set("caravan.notify.b.token-file", "token")
        .set("caravan.notify.b.chat", "-100");
    NotificationSettings settings = read();

    assertThat(settings.targets())
        .extracting(NotificationTarget::form)
        .containsExactly(TargetForm.MAIL, TargetForm.TELEGRAM);
    assertThat(settings.targets().get(0).mail().orElseThrow().to())
        .containsExactly("b@example.org", "c@example.org");
    assertThat(settings.targets()).allMatch(target -> target.url().equals(Optional.empty()));
  }

  @Test
  void monitorsAreOfAPipelineOrOfTheServer() throws IOException {
    installation
        .set("caravan.ping.marts", "https://hc.example/uuid")
        .set("caravan.ping.server", "https://hc.example/other")
        .set("caravan.ping.server.every", "30s");
    NotificationSettings settings = read();

    assertThat(only().watches("marts")).isTrue();
    assertThat(settings.server()).isPresent();
    assertThat(settings.serverEvery()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void addressesAreHiddenWhereSettingsAreShown() throws IOException {
    installation
        .set("caravan.notify.ops.kind", "chat")
        .set("caravan.notify.ops.url", "https://hooks.example/T0secret")
        .set("caravan.ping.marts", "https://hc.example/T0secret");

    assertThat(Settings.effective(installation.file(), Map.of()))
        .extracting(EffectiveSetting::value)
        .contains("chat", "...")
        .noneMatch(value -> value.contains("T0secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind=pigeon;url=http://a | caravan.notify.ops.kind is 'pigeon'",
        "url=http://a | caravan.notify.ops.kind is not set",
        "kind=chat | caravan.notify.ops.url is not set",
        "kind=chat;url=hooks.example/T0secret | caravan.notify.ops.url is '...'",
        "kind=chat;url=http://a;kinds=run-faild | caravan.notify.ops.kinds is 'run-faild'",
        "kind=chat;url=http://a;quiet=at night | caravan.notify.ops.quiet is 'at night'",
        "kind=chat;url=http://a;url-fil=x | did you mean caravan.notify.ops.url-file",
        "kind=telegram | caravan.notify.ops.token-file is not set",
        "kind=mail;from=a@b;to=c@d | caravan.notify.ops.smtp is not set",
        "kind=mail;from=a@b;to=c@d;smtp=mail:25 | caravan.notify.ops.smtp is 'mail:25'",
        "kind=mail;from=a@b;smtp=smtp://m:25 | caravan.notify.ops.to is not set",
        "kind=mail;from=a@b;to=c@d;smtp=smtp://m:25;user=u | caravan.notify.ops.password-file is not set",
        "kind=chat;url=http://a;pipelines=mart | caravan.notify.ops.pipelines names the pipeline 'mart', which does not exist: did you mean marts?",
      })
  void whatCannotBeMeantStopsTheStart(String keys, String sentence) {
    for (String key : keys.split(";")) {
      String[] parts = key.split("=", 2);
      installation.set("caravan.notify.ops." + parts[0], parts[1]);
    }
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(this::read)
        .withMessageContaining(sentence)
        .withMessageNotContaining("T0secret");
  }

  @Test
  void monitorOfAPipelineThatIsNotThereStopsTheStart() {
    installation.set("caravan.ping.mart", "https://hc.example/uuid");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(this::read)
        .withMessageContaining("caravan.ping.mart names the pipeline 'mart'")
        .withMessageContaining("did you mean marts?")
        .withMessageNotContaining("uuid");
  }
}
