package dev.caravan.shared.yandex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import yandex.cloud.sdk.auth.jwt.JwtCreator;
import yandex.cloud.sdk.auth.jwt.ServiceAccountKey;

/**
 * Reads a service account's authorized key. The SDK's own reader refuses a file with a field that
 * it doesn't know; this one ignores such fields, so that the cloud may add some.
 */
record ServiceAccountKeyFile(SecretFile file) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JwtCreator JWTS = new JwtCreator();

  /**
   * A new JWT to exchange for an IAM token: PS256 with the key's id, issued by the account for the
   * IAM tokens URL, one hour (Yandex IAM, "Getting an IAM token for a service account").
   *
   * @throws FatalException like {@link #read}
   */
  String jwt() {
    return JWTS.generateJwt(read()).getToken();
  }

  /**
   * @throws FatalException naming the file and the field at fault, never quoting either
   */
  ServiceAccountKey read() {
    JsonNode json = parse();
    String id = field(json, "id");
    String account = field(json, "service_account_id");
    String publicKey = field(json, "public_key");
    String privateKey = field(json, "private_key");
    try {
      return new ServiceAccountKey(
          id,
          account,
          json.path("created_at").asText(),
          json.path("key_algorithm").asText(),
          publicKey,
          privateKey);
    } catch (RuntimeException e) { // without its cause, which may quote the key
      throw fault("has no usable RSA key pair (PEM: PKCS#8 private_key, X.509 public_key)");
    }
  }

  private JsonNode parse() {
    try {
      JsonNode json = JSON.readTree(file.read());
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) { // its message quotes the file
      throw fault("is not JSON");
    }
    throw fault("is not a JSON object");
  }

  private String field(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw fault("has no text field '" + name + "'");
    }
    return value.asText();
  }

  private FatalException fault(String what) {
    return new FatalException(
        file.what()
            + " "
            + file.path()
            + " "
            + what
            + ": write it again with 'yc iam key create --service-account-name ... --output ...'");
  }
}
