package dev.caravan.shared.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

  @Test
  void readsWhatItWrites() {
    assertThat(HostAndPort.parse("iam.api.cloud.yandex.net:443"))
        .isEqualTo(new HostAndPort("iam.api.cloud.yandex.net", 443))
        .hasToString("iam.api.cloud.yandex.net:443");
    assertThat(HostAndPort.parse("[::1]:8443"))
        .isEqualTo(new HostAndPort("::1", 8443))
        .hasToString("[::1]:8443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        ":443",
        "host:0",
        "host:65536",
        "host:+1",
        "::1:443",
        "a:1b",
        "https://host:443",
        "a b:443",
        "user@host:443",
        "host/path:443"
      })
  void refusesWhatIsNoAddressAndQuotesIt(String text) {
    assertThatThrownBy(() -> HostAndPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text)
        .hasMessageContaining("is not an address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.05S", "-PT1S", "PT11M"})
  void callTimeoutHasBounds(Duration timeout) {
    var address = new HostAndPort("localhost", 443);
    var credentials = new YandexCredentials.Metadata(URI.create("http://169.254.169.254"));
    Optional<Path> noCa = Optional.empty();
    assertThatThrownBy(
            () -> new YandexSettings(address, address, address, noCa, credentials, timeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected PT0.1S to PT10M");
  }
}
