package dev.caravan.shared.settings;

/**
 * A setting that prevents the start. The message names the key, the value, the allowed values, and
 * where the key was set.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }
}
