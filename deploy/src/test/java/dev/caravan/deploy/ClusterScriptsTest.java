package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts for the cluster, as shellcheck reads them. */
class ClusterScriptsTest {
  private static final Path SHELLCHECK = Path.of("/usr/bin/shellcheck");

  @Test
  void shellcheckFindsNothing() throws Exception {
    assumeTrue(Files.isExecutable(SHELLCHECK), "./caravan test installs it where it may");
    List<String> words = new ArrayList<>(List.of(SHELLCHECK.toString()));
    for (Path place :
        List.of(EndpointRelease.CLUSTER, Path.of("src/test/resources").toAbsolutePath())) {
      try (Stream<Path> files = Files.walk(place)) {
        files
            .filter(file -> file.toString().endsWith(".sh"))
            .map(Path::toString)
            .forEach(words::add);
      }
    }
    assertThat(words).hasSizeGreaterThanOrEqualTo(3);
    assertThat(Finished.of(Duration.ofMinutes(1), Map.of(), words)).isEqualTo(new Finished(0, ""));
  }

  @Test
  void linesEndAsShellsExpectThem() throws Exception {
    // A script with a carriage return fails on the cluster as `^M: bad interpreter`.
    String script = Files.readString(EndpointRelease.CLUSTER.resolve("caravan-init.sh"));
    assertThat(script).startsWith("#!/bin/bash\n").doesNotContain("\r").endsWith("main \"$@\"\n");
  }
}
