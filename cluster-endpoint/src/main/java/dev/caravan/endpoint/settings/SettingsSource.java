package dev.caravan.endpoint.settings;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.PropertiesFile;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.settings.SettingsReader;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The endpoint's settings. The first invalid one stops the startup with one sentence. */
public final class SettingsSource extends SettingsReader {

  /** Settings as given, key to value. */
  public SettingsSource(Map<String, String> values) {
    super(values);
  }

  /**
   * Reads {@code --config=FILE} and {@code --key=value} words; the command line takes precedence
   * over the file.
   *
   * @throws SettingsException for a word of another form or a file that can't be read
   */
  public static SettingsSource fromCommandLine(List<String> words) {
    Map<String, String> file = new TreeMap<>();
    Map<String, String> line = new TreeMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (!word.startsWith("--") || equals < 3) {
        throw new SettingsException(
            "'"
                + word
                + "' is not understood; settings are given as --key=value or --config=FILE.");
      }
      String key = word.substring(2, equals);
      String value = word.substring(equals + 1);
      if (key.equals("config")) {
        file.putAll(readFile(path("--config", value)));
      } else {
        line.put(key, value);
      }
    }
    file.putAll(line);
    return new SettingsSource(file);
  }

  /**
   * Reads a file alone.
   *
   * @throws SettingsException if it can't be read
   */
  public static SettingsSource fromFile(Path file) {
    return new SettingsSource(readFile(file));
  }

  private static Map<String, String> readFile(Path path) {
    try {
      return PropertiesFile.read(path);
    } catch (FatalException e) {
      throw new SettingsException("The settings can't be read: " + e.getMessage());
    }
  }

  @Override
  public <T> T refuse(String key, String value, String allowed, T otherwise) {
    throw new SettingsException(key + "=" + value + " is not " + allowed + ".");
  }

  /** The value of a key that has no default. */
  public String required(String key) {
    return find(key)
        .orElseThrow(
            () -> new SettingsException("The setting " + key + " is required and was not given."));
  }

  /**
   * A path, unless absent.
   *
   * @throws SettingsException if it is written for a shell, or can't be said in this process's
   *     locale
   */
  public Optional<Path> path(String key) {
    return find(key).map(value -> path(key, value));
  }

  /** The path of a key that has no default. */
  public Path requiredPath(String key) {
    return path(key, required(key));
  }

  private static Path path(String key, String value) {
    refuseShellWords(key, value);
    try {
      if (SystemEncoding.isTheSameEverywhere(value)) {
        return Path.of(value);
      }
    } catch (InvalidPathException e) {
      // The sentence below says it.
    }
    throw new SettingsException(
        key
            + "="
            + value
            + " can't be a file's name in the locale of this process; start it with"
            + " LC_ALL=C.UTF-8.");
  }

  private static void refuseShellWords(String key, String value) {
    if (!value.isEmpty() && "~$\"'".indexOf(value.charAt(0)) >= 0) {
      throw new SettingsException(
          key
              + "="
              + value
              + " begins with "
              + value.charAt(0)
              + ", which only a shell would expand or remove; write the whole path as it is.");
    }
  }

  /** A list of paths or addresses; refused as {@link #path} does. */
  public List<String> places(String key) {
    List<String> places = list(key);
    places.forEach(place -> refuseShellWords(key, place));
    return places;
  }

  /** A server's address: scheme, host and port alone. */
  URI url(String key, String otherwise) {
    return url(key, text(key, otherwise), otherwise);
  }

  /**
   * The same of a value that is given.
   *
   * @param form for the message
   */
  URI url(String key, String value, String form) {
    return value.matches("https?://[A-Za-z0-9._\\[\\]:-]+/?")
        ? URI.create(value.replaceAll("/$", ""))
        : refuse(key, value, "of the form " + form, URI.create(form));
  }

  /**
   * To be called when every setting was asked for.
   *
   * @throws SettingsException naming an unknown key and the nearest known one
   */
  public void refuseUnknown() {
    for (String key : unknown()) {
      throw new SettingsException(
          "The setting "
              + key
              + " is unknown"
              + nearest(key).map(near -> "; the nearest known one is " + near).orElse("")
              + ".");
    }
  }
}
