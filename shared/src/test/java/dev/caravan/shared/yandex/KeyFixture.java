package dev.caravan.shared.yandex;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.function.Consumer;

/** A service account's key as the cloud writes it, of an account that no cloud knows. */
record KeyFixture(KeyPair keys) {

  static KeyFixture create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new KeyFixture(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Path write(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("id", "ajekey1");
    json.put("service_account_id", "ajeaccount1");
    json.put("created_at", "2026-11-22T03:00:00Z");
    json.put("key_algorithm", "RSA_2048");
    json.put("public_key", pem("PUBLIC KEY", keys.getPublic()));
    json.put(
        "private_key",
        "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajekey1>\n"
            + pem("PRIVATE KEY", keys.getPrivate()));
    change.accept(json);
    Files.writeString(file, json.toPrettyString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  static String pem(String type, Key key) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END "
        + type
        + "-----\n";
  }
}
