package dev.caravan.cloud.yandex;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.cloud.process.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * A service account with one authorized key, and the key file that the cloud's console would hand
 * out for it.
 */
record ServiceAccount(String id, String keyId, KeyPair keys) {

  /** Making a key takes a good part of a second, so all emulators of a JVM have the same. */
  private static final class Keys {
    static final KeyPair PAIR = generate();

    private static KeyPair generate() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static ServiceAccount create() {
    return new ServiceAccount("ajelocalserviceaccnt", "ajelocalkey000000001", Keys.PAIR);
  }

  /** Writes the key as JSON, readable by its owner only from the first byte on. */
  Path writeKeyFile(Path file, Instant createdAt) throws IOException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("id", keyId);
    json.put("service_account_id", id);
    json.put("created_at", createdAt.toString());
    json.put("key_algorithm", "RSA_2048");
    json.put("public_key", Pem.of("PUBLIC KEY", keys.getPublic().getEncoded()));
    json.put(
        "private_key",
        "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <"
            + keyId
            + ">\n"
            + Pem.of("PRIVATE KEY", keys.getPrivate().getEncoded()));
    return PrivateFile.write(file, json.toPrettyString() + "\n");
  }

  @Override
  public String toString() {
    return "ServiceAccount[" + id + ", key " + keyId + "]";
  }
}
