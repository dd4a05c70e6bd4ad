package dev.caravan.endpoint.settings;

import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** All settings, one record per concern; nothing is shipped without the last. */
public record EndpointSettings(
    ServerSettings server,
    SubmitSettings submit,
    BatchSettings batches,
    YarnSettings yarn,
    LeaseSettings lease,
    Optional<ShippingSettings> shipping) {

  /**
   * Reads and checks every setting.
   *
   * @throws SettingsException for the first one that is missing, unknown or out of bounds
   */
  public static EndpointSettings from(SettingsSource source) {
    EndpointSettings settings =
        new EndpointSettings(
            ServerSettings.from(source),
            SubmitSettings.from(source),
            BatchSettings.from(source),
            YarnSettings.from(source),
            LeaseSettings.from(source),
            ShippingSettings.from(source));
    source.refuseUnknown();
    settings.refuseBlindClusterMode();
    return settings;
  }

  /** All settings with their meaning and default, as {@code --help} shows them. */
  public static String help() {
    try (InputStream in = EndpointSettings.class.getResourceAsStream("help.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("help.txt in the jar can't be read", e);
    }
  }

  /** There the driver outlives spark-submit; without YARN's word nobody could end or watch it. */
  private void refuseBlindClusterMode() {
    if (submit.clusterMode()
        && (!submit.master().startsWith("yarn") || yarn.resourceManager().isEmpty())) {
      throw new SettingsException(
          "endpoint.deploy-mode=cluster needs endpoint.master=yarn and endpoint.yarn-rm (like http://MASTER:8088): its drivers can only be watched and ended through YARN.");
    }
  }
}
