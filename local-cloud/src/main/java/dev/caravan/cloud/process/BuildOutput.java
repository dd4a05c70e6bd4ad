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

  /** The jar, or the directory of classes, that this class is run from. */
  public static Path code() {
    try {
      return Path.of(BuildOutput.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("nobody knows where this program lies", e);
    }
  }

  /**
   * The directory {@code target} that the {@link #code} is in.
   *
   * @return empty when there is none that can be written to
   */
  public static Optional<Path> directory() {
    return Optional.ofNullable(code().getParent())
        .filter(parent -> parent.endsWith("target") && Files.isWritable(parent));
  }
}
