package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How {@code terraform/} is written: by Terraform itself where it is, and by the rules that need
 * none.
 */
class TerraformFormatTest {
  private static final Map<Character, Character> BRACKETS = Map.of('}', '{', ']', '[', ')', '(');

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void terraformWouldChangeNothing() throws Exception {
    Path terraform = Path.of("/usr/local/bin/terraform");
    assumeTrue(
        Files.isExecutable(terraform) || Files.isExecutable(Path.of("/usr/bin/terraform")),
        "Debian has no Terraform: this is held where somebody has installed it");
    String module = Path.of("terraform").toAbsolutePath().toString();
    ScriptRun run =
        ScriptRun.of(
            directory,
            Map.of("CHECKPOINT_DISABLE", "1"),
            List.of("terraform", "fmt", "-check", "-diff", "-recursive", module));
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).as(run.said()).isZero();
  }

  @Test
  void bracketsMatchAndLinesAreIndentedByThem() throws Exception {
    TerraformModule module = TerraformModule.read(Path.of("terraform"));
    assertThat(module.texts()).hasSizeGreaterThan(5);
    module.texts().forEach((file, text) -> assertThat(complaints(text)).as("%s", file).isEmpty());
  }

  @Test
  void whatIsOddIsFound() {
    assertThat(complaints("a {\n  b = 1\n}\n")).isEmpty();
    assertThat(complaints("a {\n b = 1\n}\n")).containsExactly("line 2: indented by 1, not 2");
    assertThat(complaints("a {\n\tb = 1\n}\n")).contains("line 2: a tab");
    assertThat(complaints("a = [1, 2 \n]\n")).contains("line 1: ends with a space");
    assertThat(complaints("a {\n  b = [1}\n]\n")).contains("line 2: } closes [");
    assertThat(complaints("a {\n")).containsExactly("the end: 1 open");
    assertThat(complaints("a = 1")).containsExactly("the end: no end of line");
    assertThat(complaints("a = \"{\" # {\n")).isEmpty();
  }

  private static List<String> complaints(String text) {
    List<String> complaints = new ArrayList<>();
    Deque<Character> open = new ArrayDeque<>();
    // A line that opens several brackets indents what follows once.
    Deque<Integer> levels = new ArrayDeque<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String where = "line " + number + ": ";
      String code = line.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"").replaceAll("#.*", "");
      String stripped = code.strip();
      int closers = stripped.length() - stripped.replaceAll("^[]})]+", "").length();
      int indent = line.length() - line.stripLeading().length();
      int expected =
          2 * (int) levels.stream().filter(depth -> depth <= open.size() - closers).count();
      if (line.contains("\t")) {
        complaints.add(where + "a tab");
      } else if (!line.isBlank() && indent != expected) {
        complaints.add(where + "indented by " + indent + ", not " + expected);
      }
      if (line.endsWith(" ")) {
        complaints.add(where + "ends with a space");
      }
      int before = open.size();
      for (char c : code.toCharArray()) {
        if (BRACKETS.containsValue(c)) {
          open.push(c);
        } else if (BRACKETS.containsKey(c)) {
          Character opened = open.poll();
          if (!BRACKETS.get(c).equals(opened)) {
            complaints.add(where + c + " closes " + opened);
          }
        }
      }
      levels.removeIf(depth -> depth > open.size());
      if (open.size() > before) {
        levels.push(open.size());
      }
    }
    if (!open.isEmpty()) {
      complaints.add("the end: " + open.size() + " open");
    }
    if (!text.endsWith("\n")) {
      complaints.add("the end: no end of line");
    }
    return complaints;
  }
}
