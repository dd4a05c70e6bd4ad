package dev.caravan.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.page.PageFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contrast of the style's colours, as WCAG 2.2 computes and asks for it at level AA. */
class PageContrastTest {
  private static final double TEXT = 4.5;

  /** Of shapes and edges that mean something (1.4.11). */
  private static final double GRAPHICS = 3;

  private static final Pattern COLOUR = Pattern.compile("--([\\w-]+): (#[0-9a-f]{6});");

  /** The colours by name; those of the dark scheme replace those of the light one. */
  private static Map<String, String> colours(boolean dark) {
    String css = new String(PageFile.STYLE.read(), StandardCharsets.UTF_8);
    int darkBegins = css.indexOf("@media (prefers-color-scheme: dark)");
    int darkEnds = css.indexOf("* {", darkBegins);
    assertThat(darkBegins).isPositive();
    assertThat(css.substring(darkEnds))
        .as("colours are named")
        .doesNotContainPattern("#[0-9a-f]{3,6}\\b");
    Map<String, String> colours = new HashMap<>();
    Matcher found = COLOUR.matcher(css.substring(0, dark ? darkEnds : darkBegins));
    while (found.find()) {
      colours.put(found.group(1), found.group(2));
    }
    return colours;
  }

  private static double luminance(String colour) {
    double[] parts = new double[3];
    for (int i = 0; i < 3; i++) {
      double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
      parts[i] = part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }

  private static double contrast(String one, String other) {
    double light = Math.max(luminance(one), luminance(other));
    double dark = Math.min(luminance(one), luminance(other));
    return (light + 0.05) / (dark + 0.05);
  }

  private static void assertContrast(String front, String back, double least) {
    for (boolean dark : new boolean[] {false, true}) {
      Map<String, String> colours = colours(dark);
      assertThat(contrast(colours.get(front), colours.get(back)))
          .as("%s on %s, %s", front, back, dark ? "dark" : "light")
          .isGreaterThanOrEqualTo(least);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text, back",
    "text, panel",
    "muted, back",
    "muted, panel",
    "link, back",
    "link, panel",
    "on-button, button",
    "on-notice, notice"
  })
  void textCanBeRead(String front, String back) {
    assertContrast(front, back, TEXT);
  }

  @ParameterizedTest
  @CsvSource({"succeeded", "failed", "running", "waiting", "stop", "start", "verify", "edge"})
  void shapesCanBeSeen(String colour) {
    assertContrast(colour, "back", GRAPHICS);
    assertContrast(colour, "panel", GRAPHICS);
  }
}
