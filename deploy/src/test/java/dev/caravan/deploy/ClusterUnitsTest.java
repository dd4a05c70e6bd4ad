package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units of the cluster's master, as systemd reads them. */
@Tag("slow")
class ClusterUnitsTest {
  static final List<String> UNITS =
      List.of(
          "caravan-endpoint.service",
          "caravan-endpoint-upgrade.service",
          "caravan-endpoint-rollback.service");

  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final Pattern SCORE = Pattern.compile("exposure level for \\S+: ([0-9.]+) ");

  @Test
  void systemdFindsNothing(@TempDir Path directory) throws Exception {
    // Their programs must exist; where they are on a master is no part of this machine.
    List<String> words = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    for (String unit : UNITS) {
      String text = Files.readString(EndpointRelease.CLUSTER.resolve(unit));
      assertThat(text).contains("ExecStart=/opt/caravan/endpoint/");
      Path copy = directory.resolve(unit);
      Files.writeString(copy, text.replaceAll("(?m)^(Exec\\w+=)\\S+", "$1/bin/true"));
      words.add(copy.toString());
    }
    assertThat(Finished.of(BOUND, System.getenv(), words)).isEqualTo(new Finished(0, ""));
  }

  /** The lower the score, the less the unit may do; what is left open is reasoned in the units. */
  @ParameterizedTest
  @CsvSource({
    "caravan-endpoint.service, 2.0",
    "caravan-endpoint-upgrade.service, 3.1",
    "caravan-endpoint-rollback.service, 3.1"
  })
  void isHardened(String unit, BigDecimal most) throws Exception {
    Finished finished =
        Finished.of(
            BOUND,
            Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"),
            List.of(
                "systemd-analyze",
                "security",
                "--offline=yes",
                "--no-pager",
                EndpointRelease.CLUSTER.resolve(unit).toString()));
    Matcher score = SCORE.matcher(finished.said());
    assertThat(score.find()).as(finished.said()).isTrue();
    assertThat(new BigDecimal(score.group(1))).isLessThanOrEqualTo(most);
  }

  @Test
  void batchesOutliveARestartOfTheEndpoint() throws Exception {
    assertThat(Files.readAllLines(EndpointRelease.CLUSTER.resolve("caravan-endpoint.service")))
        .contains("KillMode=process", "Restart=on-failure", "WantedBy=multi-user.target")
        .doesNotContain("PrivateTmp=yes");
  }
}
