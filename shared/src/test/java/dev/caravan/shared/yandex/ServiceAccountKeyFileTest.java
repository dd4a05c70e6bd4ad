package dev.caravan.shared.yandex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountKeyFileTest {
  private static final KeyFixture KEY = KeyFixture.create();

  @TempDir private Path directory;

  private ServiceAccountKeyFile file(Consumer<ObjectNode> change) throws IOException {
    return file(KEY.write(directory.resolve("key.json"), change));
  }

  private static ServiceAccountKeyFile file(Path path) {
    return new ServiceAccountKeyFile(new SecretFile("Service-account key file", path));
  }

  private ServiceAccountKeyFile text(String text) throws IOException {
    return file(Files.writeString(directory.resolve("key.json"), text));
  }

  @Test
  void jwtIsWhatTheCloudAsksForAndSignedWithTheKey() throws Exception {
    Instant before = Instant.now();
    String jwt = file(json -> {}).jwt();

    String[] parts = jwt.split("\\.");
    JsonNode header = json(parts[0]);
    assertThat(header.path("alg").asText()).isEqualTo("PS256");
    assertThat(header.path("kid").asText()).isEqualTo("ajekey1");
    JsonNode claims = json(parts[1]);
    assertThat(claims.path("iss").asText()).isEqualTo("ajeaccount1");
    assertThat(claims.path("aud")).hasSize(1);
    assertThat(claims.path("aud").path(0).asText())
        .isEqualTo("https://iam.api.cloud.yandex.net/iam/v1/tokens");
    assertThat(claims.path("iat").asLong())
        .isBetween(before.getEpochSecond(), Instant.now().getEpochSecond());
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(3600);

    Signature ps256 = Signature.getInstance("RSASSA-PSS");
    ps256.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    ps256.initVerify(KEY.keys().getPublic());
    ps256.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
    assertThat(ps256.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  private static JsonNode json(String base64) throws IOException {
    return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(base64));
  }

  @Test
  void fieldsTheCloudMayAddAreIgnored() throws IOException {
    var key = file(json -> json.put("description", "new").putObject("more").put("a", 1)).read();
    assertThat(key.getKeyId()).isEqualTo("ajekey1");
    assertThat(key.getServiceAccountId()).isEqualTo("ajeaccount1");
  }

  @Test
  void keyWithoutTheCommentLineIsReadToo() throws IOException {
    var key =
        file(json ->
                json.put("private_key", KeyFixture.pem("PRIVATE KEY", KEY.keys().getPrivate())))
            .read();
    assertThat(key.getPrivateKey()).isEqualTo(KEY.keys().getPrivate());
  }

  @Test
  void newKeyInTheFileIsUsedWithoutARestart() throws IOException {
    ServiceAccountKeyFile file = file(json -> {});
    file.jwt();
    file(json -> json.put("id", "ajekey2"));
    assertThat(new String(Base64.getUrlDecoder().decode(file.jwt().split("\\.")[0]), UTF_8))
        .contains("ajekey2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "service_account_id", "public_key", "private_key"})
  void missingFieldIsNamed(String field) throws IOException {
    assertThatReading(file(json -> json.remove(field)))
        .hasMessageContaining("has no text field '" + field + "'");
    assertThatReading(file(json -> json.put(field, 7)))
        .hasMessageContaining("has no text field '" + field + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no PEM at all c2VjcmV0",
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!c2VjcmV0!\n"
      })
  void brokenKeyIsNotQuoted(String pem) throws IOException {
    ServiceAccountKeyFile file = file(json -> json.put("private_key", pem));
    assertThatReading(file).hasMessageContaining("no usable RSA key pair");
    assertThatThrownBy(file::read)
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("c2VjcmV0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\": c2VjcmV0", "[\"c2VjcmV0\"]", "c2VjcmV0"})
  void whatIsNoJsonObjectIsNotQuoted(String text) throws IOException {
    ServiceAccountKeyFile file = text(text);
    assertThatReading(file).hasMessageContaining("is not").hasMessageContaining("JSON");
    assertThatThrownBy(file::read)
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("c2VjcmV0"));
  }

  private static String stackTrace(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void missingEmptyAndHugeFilesAreSaid() throws IOException {
    assertThatReading(file(directory.resolve("none.json"))).hasMessageContaining("does not exist");
    assertThatReading(text(" \n")).hasMessageContaining("is empty");
    assertThatReading(text("x".repeat(70_000))).hasMessageContaining("larger than");
    assertThatReading(file(directory)).hasMessageContaining("can't be read");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertThatReading(
      ServiceAccountKeyFile file) {
    return assertThatThrownBy(file::read)
        .isInstanceOf(FatalException.class)
        .hasMessageContaining(file.file().path().toString());
  }

  @Test
  void fileThatEverybodyMayReadIsWarnedOf() throws IOException {
    ServiceAccountKeyFile file = file(json -> {});
    try (var log = new LogCapture()) {
      file.file().warnIfOpen();
      assertThat(log.lines()).isEmpty();
      Files.setPosixFilePermissions(
          file.file().path(), PosixFilePermissions.fromString("rw-r--r--"));
      file.file().warnIfOpen();
      assertThat(log.lines()).singleElement().asString().contains("WARN", "chmod 600");
    }
  }

  @Test
  void tokenFileHoldsOneTokenAndNothingElse() throws IOException {
    Path path = Files.writeString(directory.resolve("token"), " t1.abc\n");
    var file = new SecretFile("IAM token file", path);
    assertThat(file.readToken()).isEqualTo("t1.abc");
    Files.writeString(path, "iam_token: t1.abc\n");
    assertThatThrownBy(file::readToken)
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("one token")
        .hasMessageNotContaining("t1.abc");
  }
}
