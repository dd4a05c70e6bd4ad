package dev.caravan.endpoint.settings;

/**
 * A setting that stops the boot; the message is one sentence for the person who starts the
 * endpoint.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The sentence names key, value and bound. */
  public SettingsException(String message) {
    super(message);
  }
}
