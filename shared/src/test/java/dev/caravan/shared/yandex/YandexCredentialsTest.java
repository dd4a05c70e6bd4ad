package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.settings.HostAndPort;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who we are to the emulated API, and whom we take it for. */
class YandexCredentialsTest {
  private static final String ID = "c9q1";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private YandexEmulator cloud;

  @BeforeEach
  void start() {
    cloud = YandexEmulator.builder(directory).cluster(ID).build();
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private YandexClusters connect(YandexCredentials credentials, Duration timeout) {
    return connect(credentials, timeout, cloud.address(), Optional.of(cloud.certificate()));
  }

  private static YandexClusters connect(
      YandexCredentials credentials, Duration timeout, String at, Optional<Path> ca) {
    HostAndPort address = HostAndPort.parse(at);
    return YandexClusters.connect(
        new YandexSettings(address, address, address, ca, credentials, timeout), Clock.systemUTC());
  }

  private YandexCredentials key() {
    return new YandexCredentials.ServiceAccountKey(cloud.serviceAccountKey());
  }

  private Path secret(String text) throws IOException {
    return Files.writeString(directory.resolve("secret"), text);
  }

  private static void assertWorks(YandexClusters clusters) {
    assertThat(clusters.look(ID).status()).isEqualTo(ClusterStatus.STOPPED);
  }

  @Test
  void serviceAccountOfTheMachine() {
    try (var clusters = connect(new YandexCredentials.Metadata(cloud.metadata()), TIMEOUT)) {
      assertWorks(clusters);
    }
    assertThat(cloud.calls(Rpc.CREATE_TOKEN)).isEmpty();
  }

  @Test
  void iamTokenThatSomebodyReplacesInItsFile() throws IOException {
    Path file = secret(cloud.issueToken() + "\n");
    try (var clusters = connect(new YandexCredentials.IamTokenFile(file), TIMEOUT)) {
      assertWorks(clusters);
      cloud.script().revokeTokens();
      assertThatThrownBy(() -> clusters.look(ID))
          .isInstanceOf(FatalException.class)
          .hasMessageContaining("UNAUTHENTICATED")
          .hasMessageContaining("replace the IAM token in " + file)
          .hasMessageNotContaining(Files.readString(file).strip());
      Files.writeString(file, cloud.issueToken());
      assertWorks(clusters);
    }
  }

  @Test
  void oauthTokenWorksButIsWarnedOf() throws IOException {
    Path file = secret(cloud.oauthToken());
    try (var log = new LogCapture();
        var clusters = connect(new YandexCredentials.OAuthTokenFile(file), TIMEOUT)) {
      assertWorks(clusters);
      assertThat(log.lines()).anyMatch(line -> line.contains("WARN Yandex Cloud is discontinuing"));
      assertThat(log.lines()).noneMatch(line -> line.contains(cloud.oauthToken()));
    }
  }

  @Test
  void logThatWouldShowTokensIsWarnedOf() {
    var frames = (Logger) LoggerFactory.getLogger("io.grpc.netty.NettyClientHandler");
    Level before = frames.getLevel();
    frames.setLevel(Level.DEBUG);
    try (var log = new LogCapture()) {
      connect(key(), TIMEOUT).close();
      assertThat(log.lines())
          .anyMatch(line -> line.contains("WARN The log will contain IAM tokens"));
    } finally {
      frames.setLevel(before);
    }
  }

  @Test
  void keyThatTheCloudDoesNotKnow() throws IOException {
    Path foreign = KeyFixture.create().write(directory.resolve("foreign.json"), json -> {});
    var credentials = new YandexCredentials.ServiceAccountKey(foreign);
    try (var clusters = connect(credentials, TIMEOUT)) {
      assertThatThrownBy(() -> clusters.start(ID))
          .isInstanceOf(FatalException.class)
          .hasMessageContaining("Start of cluster " + ID + " was not sent")
          .hasMessageContaining("UNAUTHENTICATED")
          .hasMessageContaining(foreign.toString())
          .hasMessageContaining("clock");
    }
    assertThat(cloud.calls(Rpc.CREATE_TOKEN)).hasSize(1);
    assertThat(cloud.calls(Rpc.START_CLUSTER)).isEmpty();
  }

  @Test
  void badFileStopsTheBoot() throws IOException {
    Path file = secret("two words");
    assertThatThrownBy(() -> connect(new YandexCredentials.IamTokenFile(file), TIMEOUT))
        .isInstanceOf(FatalException.class);
    assertThatThrownBy(() -> connect(new YandexCredentials.OAuthTokenFile(file), TIMEOUT))
        .isInstanceOf(FatalException.class);
    assertThatThrownBy(() -> connect(new YandexCredentials.ServiceAccountKey(file), TIMEOUT))
        .isInstanceOf(FatalException.class);
    assertThatThrownBy(() -> connect(key(), TIMEOUT, cloud.address(), Optional.of(file)))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("The CA file " + file);
    assertThat(cloud.calls()).isEmpty();
  }

  @Test
  void tokenThatIsRevokedInTheMiddleIsReplacedUnnoticed() {
    try (var clusters = connect(key(), TIMEOUT)) {
      assertWorks(clusters);
      cloud.script().revokeTokens();
      clusters.start(ID);
      await().until(() -> clusters.look(ID).isReady());
      cloud.script().revokeTokens();
      assertThat(clusters.masterHost(ID)).isPresent();
    }
    assertThat(cloud.calls(Rpc.CREATE_TOKEN)).hasSize(3);
    assertThat(cloud.calls(Rpc.START_CLUSTER))
        .extracting(call -> call.outcome().orElseThrow())
        .containsExactly(Status.Code.UNAUTHENTICATED, Status.Code.OK);
  }

  @Test
  void shortLivedTokensAreRenewedBeforeTheyExpire() {
    cloud.script().tokensLive(Duration.ofSeconds(3));
    try (var clusters = connect(key(), TIMEOUT)) {
      assertWorks(clusters);
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                assertWorks(clusters);
                return cloud.calls(Rpc.CREATE_TOKEN).size() == 3;
              });
    }
    assertThat(cloud.calls(Rpc.GET_CLUSTER))
        .extracting(call -> call.outcome().orElseThrow())
        .containsOnly(Status.Code.OK);
  }

  @Test
  void firstTokenIsAskedForAgainWhileIamIsUnavailable() {
    cloud.script().fail(Rpc.CREATE_TOKEN, Status.UNAVAILABLE, 3);
    try (var clusters = connect(key(), TIMEOUT)) {
      assertWorks(clusters);
    }
    assertThat(cloud.calls(Rpc.CREATE_TOKEN)).hasSize(4);
  }

  @Test
  void iamThatHangsEndsTheCallAtItsDeadlineUnsent() {
    cloud.script().hang(Rpc.CREATE_TOKEN, 100);
    try (var clusters = connect(key(), Duration.ofMillis(600))) {
      assertThatThrownBy(() -> clusters.start(ID))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("was not sent: No IAM token in time")
          .hasMessageContaining("DEADLINE_EXCEEDED");
    }
    assertThat(cloud.calls(Rpc.START_CLUSTER)).isEmpty();
  }

  @Test
  void serverThatNobodyVouchesForIsNotSpokenTo() {
    try (var clusters = connect(key(), TIMEOUT, cloud.address(), Optional.empty())) {
      assertThatThrownBy(() -> clusters.look(ID))
          .isInstanceOf(FatalException.class)
          .hasMessageContaining("UNAVAILABLE")
          .hasMessageContaining("caravan.yandex.ca-file");
    }
    assertThat(cloud.calls()).isEmpty();
  }

  @Test
  void serverWithAnotherNameIsNotSpokenTo() throws Exception {
    try (var other = ServerOfAnotherName.start(directory);
        var clusters = connect(key(), TIMEOUT, other.address(), Optional.of(other.certificate()))) {
      assertThatThrownBy(() -> clusters.look(ID))
          .isInstanceOf(FatalException.class)
          .hasMessageContaining("No name matching localhost found");
    }
  }

  @Test
  void nobodyListens() {
    try (var clusters = connect(key(), Duration.ofSeconds(1))) {
      cloud.close();
      assertThatThrownBy(() -> clusters.look(ID))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("Connection refused");
    }
  }
}
