package dev.caravan.endpoint.settings;

import java.util.Optional;

/** All settings, one record per concern; nothing is shipped without the last. */
public record EndpointSettings(
    ServerSettings server,
    SubmitSettings submit,
    BatchSettings batches,
    YarnSettings yarn,
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
            ShippingSettings.from(source));
    source.refuseUnknown();
    return settings;
  }
}
