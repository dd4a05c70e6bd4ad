package dev.caravan.routes.settings;

import java.util.regex.Pattern;

/**
 * A setting that is set.
 *
 * @param value without secrets
 * @param origin the file, the variable of the environment, or {@code --set}
 */
public record EffectiveSetting(String key, String value, String origin) {
  private static final String HIDDEN = "...";

  /**
   * A secret itself, as the address of a webhook or a monitor is; a key that ends otherwise, such
   * as {@code -file}, says where one is.
   */
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(password|secret|token|access-key)|caravan\\.notify\\..*\\.url|caravan\\.ping\\.[^.]+");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)((?:password|secret|token)=)[^&;]*");

  static EffectiveSetting of(String key, String value, String origin) {
    String shown =
        SECRET_KEY.matcher(key).matches()
            ? HIDDEN
            : SECRET_PARAMETER
                .matcher(value.replaceAll("//[^/@]*@", "//" + HIDDEN + "@"))
                .replaceAll("$1" + HIDDEN);
    return new EffectiveSetting(key, shown, origin);
  }
}
