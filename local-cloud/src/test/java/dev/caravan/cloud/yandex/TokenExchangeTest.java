package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.ApiClient.CLUSTER;
import static dev.caravan.cloud.yandex.ApiClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status.Code;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenRequest;
import yandex.cloud.api.iam.v1.IamTokenServiceOuterClass.CreateIamTokenResponse;

class TokenExchangeTest {

  private final MovableClock clock = new MovableClock();
  @TempDir Path directory;
  private YandexEmulator emulator;
  private ApiClient client;

  @BeforeEach
  void start() throws Exception {
    emulator =
        YandexEmulator.builder(directory)
            .cluster(CLUSTER)
            .clock(clock)
            .tokensLive(Duration.ofMinutes(10))
            .build();
    client = ApiClient.of(emulator);
  }

  @AfterEach
  void stop() {
    client.close();
    emulator.close();
  }

  private JwtForge forge() throws Exception {
    return new JwtForge(emulator.serviceAccountKey(), clock.instant());
  }

  @Test
  void aGoodJwtBuysATokenThatOpensTheApiUntilItExpires() throws Exception {
    CreateIamTokenResponse response = client.exchangeJwt(forge().sign());
    assertThat(Instant.ofEpochSecond(response.getExpiresAt().getSeconds()))
        .isBetween(clock.instant().plusSeconds(590), clock.instant().plusSeconds(600));
    client.bearer(response.getIamToken());
    assertThat(client.get().getId()).isEqualTo(CLUSTER);

    clock.advance(Duration.ofMinutes(10));
    assertThat(statusOf(client::get).getCode()).isEqualTo(Code.UNAUTHENTICATED);
  }

  @Test
  void anAudienceAmongOthersIsGood() throws Exception {
    JwtForge forge = forge();
    forge.claims.putArray("aud").add("https://elsewhere").add(JwtVerifier.AUDIENCE);
    assertThat(client.exchangeJwt(forge.sign()).getIamToken()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "alg, RS256, alg",
    "kid, ajeother, kid",
    "iss, ajeother, iss",
    "aud, https://iam.api.cloud.yandex.net/iam/v2/tokens, aud",
    "exp, 1000, expired",
    "exp, 99999999999, longer than an hour",
    "iat, 99999999999, future",
  })
  void oneWrongFieldIsRefusedByName(String field, String value, String named) throws Exception {
    JwtForge forge = forge();
    var part = forge.header.has(field) ? forge.header : forge.claims;
    if (part.get(field).isNumber()) {
      part.put(field, Long.parseLong(value));
    } else {
      part.put(field, value);
    }
    io.grpc.Status status = statusOf(() -> client.exchangeJwt(signed(forge)));
    assertThat(status.getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(status.getDescription()).contains(named);
  }

  private static String signed(JwtForge forge) {
    try {
      return forge.sign();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStrangersSignatureIsRefused() throws Exception {
    String jwt = forge().strangersKey().sign();
    assertThat(statusOf(() -> client.exchangeJwt(jwt)).getDescription()).contains("signature");
  }

  @ParameterizedTest
  @CsvSource({"''", "abc", "a.b.c", "e30.e30.!", "e30.e30.e30"})
  void whatIsNoJwtIsRefused(String jwt) {
    assertThat(statusOf(() -> client.exchangeJwt(jwt)).getCode()).isEqualTo(Code.UNAUTHENTICATED);
  }

  @Test
  void theOauthTokenIsExchangedAndAnotherIsNot() {
    CreateIamTokenRequest.Builder request = CreateIamTokenRequest.newBuilder();
    request.setYandexPassportOauthToken(emulator.oauthToken());
    String token = client.exchange(request.build()).getIamToken();
    assertThat(client.bearer(token).get().getId()).isEqualTo(CLUSTER);
    request.setYandexPassportOauthToken("y0_other");
    assertThat(statusOf(() -> client.exchange(request.build())).getCode())
        .isEqualTo(Code.UNAUTHENTICATED);
    request.clearYandexPassportOauthToken();
    assertThat(statusOf(() -> client.exchange(request.build())).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void noCallOfAClusterPassesWithoutAGoodToken() {
    client.bearer("");
    assertThat(statusOf(client::get).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    client.bearer("t1.invented");
    assertThat(statusOf(client::start).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(statusOf(client::stop).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(statusOf(() -> client.operation("x")).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(emulator.timeline()).hasSize(1);
  }

  @Test
  void revokedTokensAreRefused() {
    emulator.script().revokeTokens();
    assertThat(statusOf(client::get).getCode()).isEqualTo(Code.UNAUTHENTICATED);
  }

  @Test
  void theKeyFileIsTheOwnersOnlyAndHasTheRealShape() throws Exception {
    Path file = emulator.serviceAccountKey();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "id", "service_account_id", "created_at", "key_algorithm", "public_key", "private_key");
    assertThat(json.get("private_key").asText())
        .startsWith("PLEASE DO NOT REMOVE THIS LINE!")
        .contains("\n-----BEGIN PRIVATE KEY-----\n");
  }

  @Test
  void theMetadataServerGivesATokenToWhoSendsTheHeader() throws Exception {
    URI uri =
        emulator.metadata().resolve("/computeMetadata/v1/instance/service-accounts/default/token");
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
    assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(403);
    request.header("Metadata-Flavor", "Google");
    JsonNode json =
        new ObjectMapper()
            .readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    assertThat(json.get("expires_in").asInt()).isBetween(590, 600);
    assertThat(json.get("token_type").asText()).isEqualTo("Bearer");
    assertThat(client.bearer(json.get("access_token").asText()).get().getId()).isEqualTo(CLUSTER);
    request.uri(emulator.metadata().resolve("/elsewhere"));
    assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
  }
}
