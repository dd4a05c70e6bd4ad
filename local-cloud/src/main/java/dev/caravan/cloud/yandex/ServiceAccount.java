package dev.caravan.cloud.yandex;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * A service account with one authorized key, and the key file that the cloud's console would hand
 * out for it.
 */
record ServiceAccount(String id, String keyId, KeyPair keys) {

  static ServiceAccount create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new ServiceAccount(
          "ajelocalserviceaccnt", "ajelocalkey000000001", generator.generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, json.toPrettyString() + "\n");
  }

  @Override
  public String toString() {
    return "ServiceAccount[" + id + ", key " + keyId + "]";
  }
}
