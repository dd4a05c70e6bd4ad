package dev.caravan.routes.settings;

import dev.caravan.processors.Durations;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads {@code caravan.*} keys and remembers which were asked for, so that a key that nobody asked
 * for is refused. Paths are relative to the file's own directory. Other keys are left to Camel and
 * to the users' own routes.
 */
public final class SettingsReader {
  private static final String PREFIX = "caravan.";
  private static final String EMBEDDED = "jdbc:h2:file:";

  private final Path file;
  private final Map<String, String> values = new TreeMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  private SettingsReader(Path file) {
    this.file = file;
  }

  /**
   * Reads the file; the overrides win over what stands in it.
   *
   * @throws SettingsException when the file can't be read
   */
  public static SettingsReader read(Path file, Map<String, String> overrides) {
    SettingsReader reader = new SettingsReader(file.toAbsolutePath().normalize());
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "The settings file "
              + reader.file
              + " can't be read ("
              + e
              + "): name another with --config.");
    }
    properties
        .stringPropertyNames()
        .forEach(key -> reader.values.put(key, properties.getProperty(key).trim()));
    reader.values.putAll(overrides);
    return reader;
  }

  /** All keys and values as they stand, ours and others'. */
  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  public Optional<String> find(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  public String text(String key, String otherwise) {
    return find(key).orElse(otherwise);
  }

  /** A key that has no default. */
  public String required(String key, String meaning) {
    return find(key)
        .orElseThrow(
            () -> new SettingsException(key + " is not set in " + file + ": " + meaning + "."));
  }

  public List<String> list(String key) {
    return find(key)
        .map(
            value ->
                Arrays.stream(value.split(","))
                    .map(String::trim)
                    .filter(item -> !item.isEmpty())
                    .toList())
        .orElse(List.of());
  }

  public int integer(String key, int otherwise, int least, int most) {
    return (int) number(key, otherwise, least, most);
  }

  public long number(String key, long otherwise, long least, long most) {
    String bound = "a whole number from " + least + " to " + most;
    return find(key)
        .map(
            value -> {
              try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // Said below, in the same words as an excess.
              }
              throw bad(key, value, bound);
            })
        .orElse(otherwise);
  }

  public boolean yes(String key, boolean otherwise) {
    return oneOf(key, otherwise ? "true" : "false", "true", "false").equals("true");
  }

  public String oneOf(String key, String otherwise, String... allowed) {
    String value = text(key, otherwise).toLowerCase(Locale.ROOT);
    if (!List.of(allowed).contains(value)) {
      throw bad(key, value, "one of " + String.join(", ", allowed));
    }
    return value;
  }

  public Duration duration(String key, String otherwise, String least, String most) {
    String value = text(key, otherwise);
    String bound = "a duration from " + least + " to " + most + ", such as " + otherwise;
    Duration duration;
    try {
      duration = Durations.parse(value);
    } catch (IllegalArgumentException e) {
      throw bad(key, value, bound);
    }
    if (duration.compareTo(Durations.parse(least)) < 0
        || duration.compareTo(Durations.parse(most)) > 0) {
      throw bad(key, value, bound);
    }
    return duration;
  }

  public ZoneId zone(String key, String otherwise) {
    String value = text(key, otherwise);
    try {
      ZoneId zone = ZoneId.of(value);
      // Quartz takes a zone that java.util doesn't know, such as +03:00, silently for GMT.
      if (TimeZone.getTimeZone(value).toZoneId().getRules().equals(zone.getRules())) {
        return zone;
      }
      throw bad(key, value, "a time zone such as Europe/Moscow or UTC");
    } catch (DateTimeException e) {
      throw bad(key, value, "a time zone such as Europe/Moscow or UTC");
    }
  }

  /** A path to a file that must be readable. */
  public Optional<Path> file(String key) {
    return path(key)
        .map(
            path -> {
              if (!Files.isReadable(path) || Files.isDirectory(path)) {
                throw bad(key, path.toString(), "a file that can be read");
              }
              return path;
            });
  }

  public Path requiredFile(String key, String meaning) {
    required(key, meaning);
    return file(key).orElseThrow();
  }

  public Optional<Path> directory(String key) {
    return path(key)
        .map(
            path -> {
              if (!Files.isDirectory(path)) {
                throw bad(key, path.toString(), "a directory");
              }
              return path;
            });
  }

  /**
   * A JDBC URL; an embedded database's relative path is relative to the settings file, as all paths
   * are.
   */
  public String databaseUrl(String key, String otherwise) {
    String value = text(key, otherwise);
    if (!value.startsWith("jdbc:")) {
      throw bad(key, value, "a JDBC URL, such as " + otherwise);
    }
    return value.startsWith(EMBEDDED + "./")
        ? EMBEDDED + file.resolveSibling(value.substring(EMBEDDED.length())).normalize()
        : value;
  }

  private Optional<Path> path(String key) {
    return find(key).map(value -> file.resolveSibling(value).normalize());
  }

  /** The keys below a prefix, without it, such as the Spark settings of a job. */
  public Map<String, String> below(String prefix) {
    Map<String, String> found = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(prefix) && key.length() > prefix.length()) {
            known.add(key);
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** What is said of a value that isn't allowed. */
  public SettingsException bad(String key, String value, String allowed) {
    return new SettingsException(
        key + " is '" + withoutUserInfo(value) + "' in " + file + ", but must be " + allowed + ".");
  }

  /** A URL may have a password in it, which must not be repeated. */
  private static String withoutUserInfo(String value) {
    return value.replaceAll("//[^/@]*@", "//...@");
  }

  /**
   * Refuses keys that nobody asked for. Call after everything has been read.
   *
   * @throws SettingsException naming the first unknown key and the known one nearest to it
   */
  public void refuseUnknown() {
    for (String key : values.keySet()) {
      if (key.startsWith(PREFIX) && !known.contains(key)) {
        throw new SettingsException(
            "Unknown setting " + key + " in " + file + ": did you mean " + nearest(key) + "?");
      }
    }
  }

  private String nearest(String key) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min((a, b) -> Integer.compare(distance.apply(key, a), distance.apply(key, b)))
        .orElse("another");
  }
}
