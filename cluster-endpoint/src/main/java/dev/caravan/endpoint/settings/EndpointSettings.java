package dev.caravan.endpoint.settings;

/** All settings, one record per concern. */
public record EndpointSettings(
    ServerSettings server, SubmitSettings submit, BatchSettings batches, YarnSettings yarn) {

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
            YarnSettings.from(source));
    source.refuseUnknown();
    settings.refuseBlindClusterMode();
    return settings;
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
