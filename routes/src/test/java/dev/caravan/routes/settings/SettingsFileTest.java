package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a setting comes from. */
class SettingsFileTest {
  @TempDir private Path directory;

  private SettingsFile read(Map<String, String> overrides, Map<String, String> environment)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("application.properties"), "caravan.a.b-c=file\nother.key=file\n");
    return SettingsFile.read(file, overrides, environment);
  }

  @Test
  void environmentWinsOverTheFileAndTheCommandLineOverBoth() throws IOException {
    Map<String, String> environment = Map.of("CARAVAN_A_B_C", "environment", "OTHER_KEY", "no");

    assertThat(read(Map.of(), Map.of()).find("caravan.a.b-c")).contains("file");
    SettingsFile settings = read(Map.of(), environment);
    assertThat(settings.find("caravan.a.b-c")).contains("environment");
    assertThat(settings.find("other.key")).contains("file");
    assertThat(settings.effective())
        .containsExactly(
            new EffectiveSetting("caravan.a.b-c", "environment", "environment CARAVAN_A_B_C"));
    assertThat(read(Map.of("caravan.a.b-c", "option"), environment).find("caravan.a.b-c"))
        .contains("option");
  }

  @Test
  void variableThatNoKeyIsAskedForIsLeftAlone() throws IOException {
    SettingsFile settings = read(Map.of(), Map.of("CARAVAN_PROXY_HOST", "proxy"));
    settings.find("caravan.a.b-c");

    settings.refuseUnknown(SettingsFile.PREFIX);
    settings.throwProblems();

    assertThat(settings.all()).containsOnlyKeys("caravan.a.b-c", "other.key");
  }

  @Test
  void refusalNamesTheVariable() throws IOException {
    SettingsFile settings = read(Map.of(), Map.of("CARAVAN_A_COUNT", "many"));
    settings.integer("caravan.a.count", 1, 0, 9);

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(settings::throwProblems)
        .withMessageContaining(
            "caravan.a.count is 'many' in the environment, CARAVAN_A_COUNT, but");
  }
}
