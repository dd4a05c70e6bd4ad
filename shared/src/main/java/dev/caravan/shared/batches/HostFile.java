package dev.caravan.shared.batches;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that a batch names and that lies on the master itself. */
public final class HostFile {
  private static final Pattern FORM =
      Pattern.compile("(?:(?:local|file):)?(?://)?(/[^/#][^#]*)(?:#.*)?");

  private HostFile() {}

  /**
   * Where that file lies there; empty if it lies elsewhere.
   *
   * @param file a path or a {@code local:} or {@code file:} URI, with or without an alias
   */
  public static Optional<Path> of(String file) {
    Matcher place = FORM.matcher(file);
    return place.matches() ? Optional.of(Path.of(place.group(1))) : Optional.empty();
  }
}
