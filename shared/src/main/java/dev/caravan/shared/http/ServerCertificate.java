package dev.caravan.shared.http;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
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

  private String password(String key) {
    try {
      return new SecretFile(key, passwordFile).read();
    } catch (FatalException e) {
      throw new SettingsException(e.getMessage() + ".");
    }
  }
}
