package dev.caravan.cloud.process;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What takes seconds to make and is the same for every process of a build is made once, and kept
 * with what the build has made: its {@code clean} takes it away.
 */
public final class BuildOutput {

  private BuildOutput() {}

  /**
   * The directory {@code target} that this class, or its jar, is in.
   *
   * @return empty when there is none that can be written to
   */
  public static Optional<Path> directory() {
    try {
      Path code =
          Path.of(BuildOutput.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Optional.ofNullable(code.getParent())
          .filter(parent -> parent.endsWith("target") && Files.isWritable(parent));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
