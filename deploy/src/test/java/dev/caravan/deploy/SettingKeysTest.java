package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caravan refuses to start with a key that it doesn't know: application.properties names all. */
class SettingKeysTest {
  @ParameterizedTest
  @ValueSource(strings = {"vm/caravan-install", "container/application.properties.example"})
  void settingsThatAreWrittenForAUserExist(String file) throws Exception {
    assertThat(keys(Path.of(file), "(?m)^(caravan\\.[a-z0-9.-]+)="))
        .hasSizeGreaterThan(8)
        .isSubsetOf(keys(Path.of("../application.properties"), "(?m)^#?(caravan\\.[a-z0-9.-]+)="));
  }

  private static Set<String> keys(Path file, String pattern) throws Exception {
    Set<String> keys = new TreeSet<>();
    Pattern.compile(pattern)
        .matcher(Files.readString(file))
        .results()
        .forEach(match -> keys.add(match.group(1)));
    return keys;
  }
}
