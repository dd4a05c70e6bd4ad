package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the pages say of each other and of the command line is true. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  /** A line of a shell block that calls us, without what follows in the shell. */
  private static final Pattern CALL =
      Pattern.compile("(?m)^(?:sudo )?\\S*\\bcaravan ([a-z]+)([^|>&#;\\n]*)");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      return Stream.concat(docs, top).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  /** As the usual renderers make them of headings. */
  private static Set<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
        .results()
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .replaceAll("[^a-z0-9 _-]", "")
                    .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      String text = CODE.matcher(Files.readString(page)).replaceAll("");
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        if (!URI.create(link.group(1)).isAbsolute() && isDead(page, link.group(1))) {
          dead.add(ROOT.relativize(page) + ": " + link.group(1));
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static boolean isDead(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return !Files.exists(target) || parts.length == 2 && !anchors(target).contains(parts[1]);
  }

  @Test
  void everyCommandThatAPageShowsIsThereWithItsOptions() throws IOException {
    Map<String, CommandLine> commands = Caravan.commandLine().getSubcommands();
    String help = Files.readString(ROOT.resolve("caravan"));
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Path page : pages()) {
      for (MatchResult block : CODE.matcher(Files.readString(page)).results().toList()) {
        for (MatchResult call :
            CALL.matcher(block.group().replace("\\\n", " ")).results().toList()) {
          seen++;
          String command = call.group(1);
          if (commands.containsKey(command)) {
            options(call.group(2))
                .filter(option -> isUnknown(commands.get(command), option))
                .forEach(option -> wrong.add(ROOT.relativize(page) + ": " + call.group().strip()));
          } else if (!Pattern.compile("(?m)^  " + command + " ").matcher(help).find()) {
            wrong.add(ROOT.relativize(page) + ": " + call.group().strip());
          }
        }
      }
    }
    assertThat(seen).as("the pages show commands").isGreaterThan(50);
    assertThat(wrong).isEmpty();
  }

  private static Stream<String> options(String words) {
    return Stream.of(words.replaceAll("\"[^\"]*\"", "quoted").strip().split("\\s+"))
        .filter(word -> word.matches("--?[a-z][a-z-]*(=.*)?"))
        .map(word -> word.replaceFirst("=.*", ""));
  }

  private static boolean isUnknown(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option) == null
        && command.getSubcommands().values().stream()
            .allMatch(sub -> sub.getCommandSpec().findOption(option) == null);
  }
}
