package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The settings that the documentation names are those that are read. */
class DocumentedKeysTest {
  private static final Path ROOT = Path.of("..");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }

  @Test
  void everySettingThatAPageNamesIsInTheSettingsFile() throws IOException {
    String shipped = Files.readString(ROOT.resolve("application.properties"));
    Set<String> known =
        Pattern.compile("(?m)^#?(caravan\\.[a-z0-9.-]+)=")
            .matcher(shipped)
            .results()
            .map(key -> key.group(1))
            .collect(Collectors.toSet());
    Pattern named = Pattern.compile("`(caravan(?:\\.(?:NAME|[a-z-]+))+)(?![\\w.*-])");
    for (Path page : pages()) {
      List<String> keys =
          named
              .matcher(Files.readString(page))
              .results()
              .map((MatchResult key) -> key.group(1).replace(".NAME.", ".main."))
              .toList();
      assertThat(known).as(page.toString()).containsAll(keys);
    }
  }
}
