package dev.caravan.shared.http;

import dev.caravan.shared.settings.SettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server listens.
 *
 * @param host address to bind
 * @param port 0 means any free port
 * @param tls empty: plain HTTP
 */
public record ListenAddress(String host, int port, Optional<ServerCertificate> tls) {
  private static final long MAX_BODY = 1024 * 1024;

  /**
   * Whether only this machine's processes reach it.
   *
   * @param key the setting of the host, for a message
   * @throws SettingsException if it is not an address or name of this machine
   */
  public static boolean isLoopback(String key, String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new SettingsException(
          key + "=" + host + " is not an address or name of this machine: " + e.getMessage() + ".");
    }
  }

  /**
   * The keys of Camel that make its server listen there.
   *
   * @param passwordKey the setting of the keystore's password file, for a message
   * @throws SettingsException if the password can't be read
   */
  public Map<String, String> camelProperties(String passwordKey) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("camel.server.enabled", "true");
    properties.put("camel.server.host", host);
    properties.put("camel.server.port", Integer.toString(port));
    // Any other path leaves paths below it without authentication on this release (CVE-2026-40022).
    properties.put("camel.server.path", "/");
    properties.put("camel.server.maxBodySize", Long.toString(MAX_BODY));
    properties.put("camel.server.fileUploadEnabled", "false");
    tls.ifPresent(identity -> properties.putAll(identity.camelProperties(passwordKey)));
    return properties;
  }
}
