package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings that the documentation names are those that are read. */
class DocumentedKeysTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path directory;

  private Set<String> keysOfAJob() throws IOException {
    Path file = Files.writeString(directory.resolve("a.properties"), "caravan.jobs=J");
    SettingsFile settings = SettingsFile.read(file, Map.of());
    JobBlocks.from(settings);
    return settings.known().stream()
        .filter(key -> key.startsWith("caravan.job.J."))
        .map(key -> key.substring("caravan.job.J.".length()))
        .collect(Collectors.toSet());
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }

  @Test
  void theTableOfAJobsKeysNamesThoseThatAreRead() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/adding-a-job.md"));
    int header = lines.indexOf("| key | meaning |");
    assertThat(header).isNotNegative();
    List<String> documented =
        lines.subList(header + 2, lines.size()).stream()
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.split("\\|")[1])
            .flatMap(cell -> Pattern.compile("`([^`<]+)[^`]*`").matcher(cell).results())
            .map(name -> name.group(1))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(keysOfAJob());
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
    Pattern named = Pattern.compile("`(caravan\\.[a-z-]+(?:\\.[a-z-]+)?)(?![\\w.*-])");
    for (Path page : pages()) {
      List<String> keys =
          named
              .matcher(Files.readString(page))
              .results()
              .map((MatchResult key) -> key.group(1))
              .toList();
      assertThat(known).as(page.toString()).containsAll(keys);
    }
  }

  @Test
  void everySettingOfAJobThatAPageNamesIsRead() throws IOException {
    Pattern named = Pattern.compile("caravan\\.job\\.(?:[A-Za-z-]+)\\.((?:conf\\.)?[a-z-]+)");
    for (Path page : pages()) {
      List<String> keys =
          named
              .matcher(Files.readString(page))
              .results()
              .map(key -> key.group(1).startsWith("conf.") ? "conf." : key.group(1))
              .toList();
      assertThat(keysOfAJob()).as(page.toString()).containsAll(keys);
    }
  }
}
