package dev.caravan.shared.http;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a server shows its clients: a PKCS12 keystore and the file that holds its password. */
public record ServerCertificate(Path keystore, Path passwordFile) {

  /**
   * The keys of Camel that make its server use it.
   *
   * @param passwordKey the setting of the password's file, for a message
   * @throws SettingsException if the password can't be read
   */
  Map<String, String> camelProperties(String passwordKey) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("camel.server.useGlobalSslContextParameters", "true");
    properties.put("camel.ssl.enabled", "true");
    properties.put("camel.ssl.keyStore", "file:" + keystore.toAbsolutePath());
    properties.put("camel.ssl.keystorePassword", password(passwordKey));
    return properties;
  }

  /**
   * The certificate that the server shows, DER.
   *
   * @param passwordKey the setting of the password's file, for a message
   * @throws SettingsException if the keystore can't be read, or has no key
   */
  public byte[] encoded(String passwordKey) {
    try (InputStream in = Files.newInputStream(keystore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password(passwordKey).toCharArray());
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          return store.getCertificate(alias).getEncoded();
        }
      }
      throw new SettingsException("The keystore " + keystore + " has no key.");
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingsException("The keystore " + keystore + " can't be read: " + e.getMessage());
    }
  }

  private String password(String key) {
    try {
      return new SecretFile(key, passwordFile).read();
    } catch (FatalException e) {
      throw new SettingsException(e.getMessage() + ".");
    }
  }
}
