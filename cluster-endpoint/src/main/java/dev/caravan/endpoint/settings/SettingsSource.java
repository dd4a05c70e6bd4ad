package dev.caravan.endpoint.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Raw settings with typed, bounded getters. Each getter makes its key known, so that {@link
 * #refuseUnknown()} can name whatever was given and never asked for.
 */
public final class SettingsSource {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,6})([kmgt])");

  private final Map<String, String> values;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> knownPrefixes = new TreeSet<>();

  /** Settings as given, key to value. */
  public SettingsSource(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  /**
   * Reads {@code --config=FILE} and {@code --key=value} words; the command line beats the file.
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

  /** A properties file in UTF-8, as a map. */
  static Map<String, String> readFile(Path path) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException("The file " + path + " can't be read as properties: " + e + ".");
    }
    Map<String, String> read = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> read.put(name, properties.getProperty(name).trim()));
    return read;
  }

  /** The value, unless absent or blank. */
  public Optional<String> text(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key)).map(String::trim).filter(v -> !v.isEmpty());
  }

  /** The value of a key that has no default. */
  public String required(String key) {
    return text(key)
        .orElseThrow(
            () -> new SettingsException("The setting " + key + " is required and was not given."));
  }

  /** A whole number from {@code min} to {@code max}. */
  public int number(String key, int otherwise, int min, int max) {
    String value = text(key).orElse(Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The sentence below says it.
    }
    throw new SettingsException(
        key + "=" + value + " is not a whole number from " + min + " to " + max + ".");
  }

  /**
   * A duration as number and unit: {@code 500ms}, {@code 30s}, {@code 15m}, {@code 6h}, {@code 7d}.
   */
  public Duration duration(String key, Duration otherwise, Duration min, Duration max) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value.get());
    if (matcher.matches()) {
      Duration duration = of(Long.parseLong(matcher.group(1)), matcher.group(2));
      if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
        return duration;
      }
    }
    throw new SettingsException(
        key
            + "="
            + value.get()
            + " is not a duration from "
            + min
            + " to "
            + max
            + " written like 500ms, 30s, 15m, 6h or 7d.");
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /**
   * An amount of bytes as number and unit, a power of 1024: {@code 0k}, {@code 64k}, {@code 2g}.
   */
  public long bytes(String key, long otherwise, long min, long max) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = BYTES.matcher(value.get());
    if (matcher.matches()) {
      long bytes = Long.parseLong(matcher.group(1)) << (10 * "kmgt".indexOf(matcher.group(2)) + 10);
      if (bytes >= min && bytes <= max) {
        return bytes;
      }
    }
    throw new SettingsException(
        key
            + "="
            + value.get()
            + " is not an amount from "
            + min
            + " to "
            + max
            + " bytes written like 512k, 256m or 2g.");
  }

  /** One of the given words. */
  public String choice(String key, String otherwise, String... words) {
    String value = text(key).orElse(otherwise);
    if (!Arrays.asList(words).contains(value)) {
      throw new SettingsException(
          key + "=" + value + " is not one of " + String.join(", ", words) + ".");
    }
    return value;
  }

  /** A comma separated list without blanks and empty parts. */
  public List<String> list(String key) {
    return text(key).stream()
        .flatMap(v -> Arrays.stream(v.split(",")))
        .map(String::trim)
        .filter(v -> !v.isEmpty())
        .toList();
  }

  /**
   * A path, unless absent.
   *
   * @throws SettingsException if it is written for a shell, or can't be said in this process's
   *     locale
   */
  public Optional<Path> path(String key) {
    return text(key).map(value -> path(key, value));
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

  /** All settings whose key begins with {@code prefix}, keyed by what follows it. */
  public Map<String, String> startingWith(String prefix) {
    knownPrefixes.add(prefix);
    Map<String, String> found = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(prefix) && key.length() > prefix.length()) {
            found.put(key.substring(prefix.length()), value.trim());
          }
        });
    return found;
  }

  /**
   * To be called when every setting was asked for.
   *
   * @throws SettingsException naming an unknown key and the nearest known one
   */
  public void refuseUnknown() {
    for (String key : values.keySet()) {
      if (!known.contains(key) && knownPrefixes.stream().noneMatch(key::startsWith)) {
        String nearest =
            known().stream()
                .min(Comparator.comparingInt(k -> distance(k, key.toLowerCase(Locale.ROOT))))
                .orElse("none");
        throw new SettingsException(
            "The setting " + key + " is unknown; the nearest known one is " + nearest + ".");
      }
    }
  }

  /** Every key that was asked for; those that begin with a prefix as the prefix itself. */
  Set<String> known() {
    Set<String> all = new TreeSet<>(known);
    all.addAll(knownPrefixes);
    return all;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
