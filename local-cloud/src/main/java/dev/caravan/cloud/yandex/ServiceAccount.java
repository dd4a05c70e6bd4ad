package dev.caravan.cloud.yandex;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.cloud.process.BuildOutput;
import dev.caravan.cloud.process.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Optional;

/**
 * A service account with one authorized key, and the key file that the cloud's console would hand
 * out for it.
 */
record ServiceAccount(String id, String keyId, KeyPair keys) {

  /**
   * Making a key takes a second or two of a processor, so all emulators of a build have the same.
   * It opens nothing but these.
   */
  private static final class Keys {
    private static final String FILE = "emulator-key.pem";
    static final KeyPair PAIR = pair();

    private static KeyPair pair() {
      try {
        Optional<Path> file = BuildOutput.directory().map(target -> target.resolve(FILE));
        if (file.isPresent() && Files.exists(file.get())) {
          return read(Files.readString(file.get()));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair made = generator.generateKeyPair();
        if (file.isPresent()) {
          PrivateFile.write(file.get(), Pem.of("PRIVATE KEY", made.getPrivate().getEncoded()));
        }
        return made;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException("the emulator's service account has no key", e);
      }
    }

    private static KeyPair read(String pem) throws GeneralSecurityException {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(Pem.bytes(pem)));
      RSAPrivateCrtKey numbers = (RSAPrivateCrtKey) key;
      return new KeyPair(
          factory.generatePublic(
              new RSAPublicKeySpec(numbers.getModulus(), numbers.getPublicExponent())),
          key);
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
