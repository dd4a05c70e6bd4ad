package dev.caravan.cloud.yarn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YarnClusterIT {

  private static final Path HOME = Path.of("yarn/target/yarn");

  @TempDir Path directory;

  @Test
  void comesUpWithANodeAndLeavesNoProcess() throws Exception {
    YarnCluster cluster = YarnCluster.start(HOME, directory);
    try (cluster) {
      assertThat(cluster.living()).isEqualTo(2);
      assertThat(cluster.confDirectory().resolve("yarn-site.xml"))
          .content()
          .contains(cluster.restAddress().getAuthority());
    }
    assertThat(cluster.living()).isZero();
  }

  @Test
  void saysWithItsLogWhyItDoesNotStart() throws Exception {
    Files.createDirectory(directory.resolve("lib"));

    assertThatThrownBy(() -> YarnCluster.start(directory, directory))
        .hasMessageContaining("ended with exit code 1")
        .hasMessageContaining("Could not find or load main class");
  }
}
