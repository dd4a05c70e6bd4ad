package dev.caravan.routes.settings;

import java.util.Optional;

/**
 * Where monitoring asks for figures and health, {@code caravan.management.*}.
 *
 * @param port 0: any that is free; empty: there is no such server
 */
public record ManagementSettings(String host, Optional<Integer> port) {
  private static final String PORT = "caravan.management.port";

  static ManagementSettings from(SettingsFile settings) {
    return new ManagementSettings(
        settings.text("caravan.management.host", "127.0.0.1"),
        settings.find(PORT).map(set -> settings.integer(PORT, 0, 0, 65535)));
  }
}
