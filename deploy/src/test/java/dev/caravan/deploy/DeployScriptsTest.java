package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All scripts of this directory. */
class DeployScriptsTest {
  @TempDir Path directory;

  /** Every file with a line that names a shell. */
  private static List<Path> scripts() throws Exception {
    List<Path> scripts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("."))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith("./target")
            && Files.size(file) < 1_000_000
            && new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                .matches("(?s)#!\\S+( bash|/sh|/bash)\\b.*")) {
          scripts.add(file);
        }
      }
    }
    return scripts;
  }

  @Test
  void theyCanBeCalledAndStopAtAFailure() throws Exception {
    List<Path> scripts = scripts();
    assertThat(scripts)
        .contains(
            Path.of("./upload.sh"), Path.of("./yc/create.sh"), Path.of("./vm/caravan-install"));
    for (Path script : scripts) {
      // Tests copy theirs.
      assertThat(Files.isExecutable(script) || script.startsWith("./src"))
          .as("%s", script)
          .isTrue();
      assertThat(Files.readAllLines(script))
          .as("%s", script)
          .anyMatch(line -> line.matches("set -[A-Za-z]*u.*"));
    }
  }

  @Test
  @Tag("slow")
  void shellcheckFindsNothing() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/shellcheck")),
        "./caravan test installs it where it may");
    List<String> words = new ArrayList<>(List.of("/usr/bin/shellcheck"));
    for (Path script : scripts()) {
      words.add(script.toAbsolutePath().normalize().toString());
    }
    ScriptRun run = ScriptRun.of(directory, Map.of(), words);
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).as(run.said()).isZero();
  }
}
