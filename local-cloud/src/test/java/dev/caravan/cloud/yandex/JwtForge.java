package dev.caravan.cloud.yandex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;

/** Makes JWTs from a key file, good ones unless a field is changed before {@link #sign}. */
public final class JwtForge {

  final ObjectNode header = new ObjectMapper().createObjectNode();
  final ObjectNode claims = new ObjectMapper().createObjectNode();
  private PrivateKey key;

  public JwtForge(Path keyFile, Instant now) throws IOException, GeneralSecurityException {
    JsonNode file = new ObjectMapper().readTree(keyFile.toFile());
    header.put("typ", "JWT").put("alg", "PS256").put("kid", file.get("id").asText());
    claims
        .put("iss", file.get("service_account_id").asText())
        .put("aud", "https://iam.api.cloud.yandex.net/iam/v1/tokens")
        .put("iat", now.getEpochSecond())
        .put("exp", now.plusSeconds(3600).getEpochSecond());
    key =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Pem.bytes(file.get("private_key").asText())));
  }

  JwtForge strangersKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    key = generator.generateKeyPair().getPrivate();
    return this;
  }

  public String sign() throws GeneralSecurityException {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String text =
        encoder.encodeToString(header.toString().getBytes(StandardCharsets.UTF_8))
            + "."
            + encoder.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    signature.initSign(key);
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    return text + "." + encoder.encodeToString(signature.sign());
  }
}
