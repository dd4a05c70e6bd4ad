package dev.caravan.shared.yandex;

import java.util.Locale;

/** A call of the cloud's API. */
public enum CloudCall {
  LOOK,
  START,
  STOP,
  OPERATION,
  HOSTS;

  /** As a figure's label has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
