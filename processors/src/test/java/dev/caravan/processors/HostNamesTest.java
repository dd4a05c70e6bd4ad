package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.caravan.shared.settings.HostNames;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

  @ParameterizedTest
  @CsvSource({
    "rc1a-dataproc-m-x.mdb.yandexcloud.net, https://rc1a-dataproc-m-x.mdb.yandexcloud.net:8998",
    "localhost, https://localhost:8998",
    "10.1.2.3, https://10.1.2.3:8998",
    "::1, https://[::1]:8998",
    "[::1], https://[::1]:8998",
    "fe80::1%eth0, https://[fe80::1%eth0]:8998"
  })
  void aHostGivesAnAddress(String host, String address) {
    assertThat(config(host).at(host)).hasToString(address);
    assertThat(config(host).at(host).getHost()).isEqualTo(HostNames.inUrl(host).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://master",
        "master:8998",
        "[::1]:8998",
        "mas ter",
        "master/livy",
        "user@master",
        "master?x",
        "master#x",
        "my_master",
        "мастер",
        "[master]",
        "::g",
        "-"
      })
  void whatIsNoHostAloneIsRefused(String host) {
    assertThat(HostNames.inUrl(host)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(host))
        .withMessageContaining("'" + host + "'");
  }

  private static EndpointConfig config(String host) {
    return new EndpointConfig("https", Optional.of(host), 8998, Duration.ofMinutes(1));
  }
}
