package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units of Caravan's VM, as systemd reads them. */
@Tag("slow")
class SystemdUnitsTest {
  /** 1.3 of 10, in tenths. What is left over is what Java and a network service need. */
  private static final String EXPOSURE = "15";

  /** How long Camel may take, in seconds; and the two channels to the cloud, after it. */
  private static final int SHUTDOWN = 25 + 2 + 2;

  @TempDir Path directory;

  /** The units side by side, with programs that this machine has. */
  private Path units() throws Exception {
    for (String unit :
        List.of("caravan.service", "caravan-backup.service", "caravan-backup.timer")) {
      Files.writeString(
          directory.resolve(unit),
          Files.readString(Path.of("vm", unit))
              .replace("/opt/caravan/current/bin/caravan", "/bin/true"));
    }
    Path dropIns = Files.createDirectory(directory.resolve("caravan.service.d"));
    Files.writeString(
        dropIns.resolve("yandex.conf"),
        Files.readString(Path.of("vm/yandex.conf"))
            .replace("/usr/local/sbin/caravan-install", "/bin/true"));
    return directory;
  }

  private ScriptRun verify(Path units, String unit) throws Exception {
    return ScriptRun.of(
        directory,
        Map.of(),
        List.of("systemd-analyze", "verify", "--man=no", units.resolve(unit).toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"caravan.service", "caravan-backup.service", "caravan-backup.timer"})
  void systemdHasNothingToSay(String unit) throws Exception {
    ScriptRun run = verify(units(), unit);
    assertThat(run.said().lines().filter(line -> line.contains("caravan"))).isEmpty();
    assertThat(run.exit()).as(run.said()).isZero();
  }

  @Test
  void systemdWouldSaySo() throws Exception {
    Path service = units().resolve("caravan.service");
    Files.writeString(
        service, Files.readString(service).replace("TimeoutStopSec=60", "TimeoutStoppSec=60"));
    assertThat(verify(directory, "caravan.service").said()).contains("TimeoutStoppSec");
  }

  @ParameterizedTest
  @ValueSource(strings = {"caravan.service", "caravan-backup.service"})
  void theyAreHardened(String unit) throws Exception {
    ScriptRun run =
        ScriptRun.of(
            directory,
            Map.of("SYSTEMD_COLORS", "0"),
            List.of(
                "systemd-analyze",
                "security",
                "--no-pager",
                "--offline=yes",
                "--threshold=" + EXPOSURE,
                units().resolve(unit).toString()));
    assertThat(run.exit()).as(run.said()).isZero();
    assertThat(run.out()).contains("Overall exposure level for " + unit);
  }

  @Test
  void aStopOutlivesCaravansOwnBound() throws Exception {
    assertThat(
            Files.readString(
                Path.of("../routes/src/main/java/dev/caravan/routes/CaravanApplication.java")))
        .contains("SHUTDOWN_TIMEOUT = Duration.ofSeconds(25);");
    for (String closing : List.of("GrpcChannels", "YandexClusters")) {
      assertThat(
              Files.readString(
                  Path.of(
                      "../shared/src/main/java/dev/caravan/shared/yandex/" + closing + ".java")))
          .contains("CLOSE_SECONDS = 2;");
    }
    assertThat(seconds("TimeoutStopSec")).isGreaterThanOrEqualTo(SHUTDOWN * 3 / 2);
  }

  @Test
  void aStartWaitsLongerThanItsOwnLookForReadiness() throws Exception {
    String unit = Files.readString(Path.of("vm/caravan.service"));
    assertThat(unit).contains("--retry-max-time 90 http://127.0.0.1:9180/health/ready\n");
    assertThat(seconds("TimeoutStartSec")).isGreaterThan(90 + 5);
    // Or a bad settings file would be tried ten times in fifteen minutes.
    assertThat(unit)
        .contains("RestartPreventExitStatus=2\n", "SuccessExitStatus=143\n", "Restart=always\n");
    assertThat(seconds("StartLimitIntervalSec=15min", 15 * 60))
        .isGreaterThan(10 * seconds("RestartSec"));
  }

  private static int seconds(String key) throws Exception {
    return Files.readAllLines(Path.of("vm/caravan.service")).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> Integer.parseInt(line.substring(key.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static int seconds(String line, int value) throws Exception {
    assertThat(Files.readAllLines(Path.of("vm/caravan.service"))).contains(line);
    return value;
  }
}
