package dev.caravan.shared.settings;

/**
 * A setting that Caravan won't start with. The message names the key, the value, what is allowed,
 * and where it stands.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }
}
