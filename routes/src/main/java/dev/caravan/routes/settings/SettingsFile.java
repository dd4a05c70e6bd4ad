package dev.caravan.routes.settings;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.PropertiesFile;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The settings file, {@code caravan.*} of it. A value that isn't allowed is noted, and the default
 * read in its place, until {@link #throwProblems} tells them all at once. Paths are relative to the
 * file's own directory. Other keys are left to Camel and to the users' own routes.
 */
public final class SettingsFile extends SettingsReader {
  static final String PREFIX = "caravan.";
  private static final String EMBEDDED = "jdbc:h2:file:";
  private static final String COMMAND_LINE = "on the command line (--set)";

  private final Path file;
  private final Set<String> overridden;
  private final Map<String, String> environment;
  private final Set<String> fromEnvironment = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  private SettingsFile(
      Path file,
      Map<String, String> values,
      Set<String> overridden,
      Map<String, String> environment) {
    super(values);
    this.file = file;
    this.overridden = overridden;
    this.environment = environment;
  }

  /**
   * Reads the file. The environment wins over what stands in it, the overrides over both.
   *
   * @throws SettingsException when the file can't be read
   */
  public static SettingsFile read(Path path, Map<String, String> overrides) {
    return read(path, overrides, System.getenv());
  }

  static SettingsFile read(
      Path path, Map<String, String> overrides, Map<String, String> environment) {
    Path file = path.toAbsolutePath().normalize();
    if (!Files.exists(file)) {
      throw new SettingsException(
          "There is no settings file " + file + ": name another with --config.");
    }
    try {
      Map<String, String> values = new TreeMap<>(PropertiesFile.read(file));
      values.putAll(overrides);
      return new SettingsFile(file, values, Set.copyOf(overrides.keySet()), environment);
    } catch (FatalException e) {
      throw new SettingsException("The settings can't be read: " + e.getMessage());
    }
  }

  /** A key of ours may also be set by a variable, which is looked at when the key is asked for. */
  @Override
  public Optional<String> find(String key) {
    if (key.startsWith(PREFIX) && !overridden.contains(key)) {
      String value = environment.get(variable(key));
      if (value != null) {
        put(key, value);
        fromEnvironment.add(key);
      }
    }
    return super.find(key);
  }

  /** Such as CARAVAN_JOURNAL_URL for caravan.journal.url. */
  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** The settings that have been read or stand in the file, by key, with where each was set. */
  List<EffectiveSetting> effective() {
    return new TreeMap<>(all())
        .entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(PREFIX))
            .map(
                entry ->
                    EffectiveSetting.of(entry.getKey(), entry.getValue(), origin(entry.getKey())))
            .toList();
  }

  private String origin(String key) {
    if (overridden.contains(key)) {
      return "--set";
    }
    return fromEnvironment.contains(key) ? "environment " + variable(key) : file.toString();
  }

  /** A key that has no default; empty text if it isn't set, which is noted. */
  public String required(String key, String meaning) {
    Optional<String> value = find(key);
    if (value.isEmpty()) {
      problems.add(key + " is not set " + place(key) + ": " + meaning + ".");
    }
    return value.orElse("");
  }

  /** A path to a file that must be readable. */
  public Optional<Path> file(String key) {
    return path(key)
        .flatMap(
            path ->
                Files.isReadable(path) && !Files.isDirectory(path)
                    ? Optional.of(path)
                    : refuse(
                        key, path.toString(), "a file that can be read", Optional.<Path>empty()));
  }

  /** A path to a file that must be set and readable; empty if it isn't, which is noted. */
  public Optional<Path> requiredFile(String key, String meaning) {
    required(key, meaning);
    return file(key);
  }

  /** A file that is written; its directory must be there. */
  public Optional<Path> fileToWrite(String key) {
    return path(key)
        .flatMap(
            path ->
                !Files.isDirectory(path)
                        && Files.isDirectory(path.toAbsolutePath().normalize().getParent())
                    ? Optional.of(path)
                    : refuse(
                        key,
                        path.toString(),
                        "a file in an existing directory",
                        Optional.<Path>empty()));
  }

  public Optional<Path> directory(String key) {
    return path(key)
        .flatMap(
            path ->
                Files.isDirectory(path)
                    ? Optional.of(path)
                    : refuse(key, path.toString(), "a directory", Optional.<Path>empty()));
  }

  /**
   * A JDBC URL of H2's embedded database or of PostgreSQL; the relative path of an embedded one is
   * relative to the settings file, as all paths are.
   */
  public String databaseUrl(String key, String otherwise) {
    String value = text(key, otherwise);
    if (value.startsWith("jdbc:postgresql:")) {
      return value;
    }
    if (!value.startsWith(EMBEDDED)) {
      return refuse(
          key,
          value,
          "a JDBC URL that begins with " + EMBEDDED + " or jdbc:postgresql:",
          otherwise);
    }
    String[] parts = value.substring(EMBEDDED.length()).split(";", 2);
    Path home = Path.of(System.getProperty("user.home", "?"));
    if (parts[0].startsWith("~/") && !home.isAbsolute()) {
      // The JVM's answer for a user without an entry in /etc/passwd, as in a container.
      return refuse(key, value, "an absolute path: this user has no home directory", otherwise);
    }
    Path place =
        parts[0].startsWith("~/")
            ? home.resolve(parts[0].substring(2))
            : file.resolveSibling(parts[0]);
    String path = place.normalize().toString();
    if (path.indexOf(';') >= 0) {
      problems.add(
          "The journal can't be at "
              + path
              + ": H2 takes no path with a ';'. Set "
              + key
              + " to "
              + EMBEDDED
              + "/another/directory/journal.");
    }
    return EMBEDDED + path + (parts.length == 2 ? ";" + parts[1] : "");
  }

  /** A path, whether something is there or not. */
  Path path(String key, String otherwise) {
    return path(key).orElseGet(() -> file.resolveSibling(otherwise));
  }

  private Optional<Path> path(String key) {
    return find(key)
        .flatMap(
            value -> {
              try {
                return Optional.of(file.resolveSibling(value).normalize());
              } catch (InvalidPathException e) {
                return refuse(key, value, "a path", Optional.<Path>empty());
              }
            });
  }

  @Override
  public <T> T refuse(String key, String value, String allowed, T otherwise) {
    problems.add(
        key
            + " is '"
            + withoutUserInfo(value)
            + "' "
            + place(key)
            + ", but must be "
            + allowed
            + ".");
    return otherwise;
  }

  /** What a setting leads to, such as a file's content; empty if it is no good, which is noted. */
  public <T> Optional<T> checked(String key, Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (FatalException e) {
      problems.add(key + " " + place(key) + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The same for a check that gives nothing. */
  public void check(String key, Runnable check) {
    checked(
        key,
        () -> {
          check.run();
          return true;
        });
  }

  /** A URL may have a password in it, which must not be repeated. */
  private static String withoutUserInfo(String value) {
    return value.replaceAll("//[^/@]*@", "//...@");
  }

  /** Where the value stands, for a message. */
  private String place(String key) {
    if (overridden.contains(key)) {
      return COMMAND_LINE;
    }
    return "in " + (fromEnvironment.contains(key) ? "the environment, " + variable(key) : file);
  }

  /**
   * Notes keys that nobody asked for; many of one kind in one sentence. Call after everything has
   * been read.
   *
   * @param beginning only keys that begin with one of these
   */
  public void refuseUnknown(String... beginning) {
    List<String> strangers =
        unknown().stream()
            .filter(
                key ->
                    Arrays.stream(beginning)
                        .anyMatch(each -> key.toLowerCase(Locale.ROOT).startsWith(each)))
            .toList();
    Map<String, List<String>> kinds =
        strangers.stream()
            .collect(Collectors.groupingBy(this::kind, LinkedHashMap::new, Collectors.toList()));
    kinds.forEach(
        (kind, keys) -> {
          if (kind.isEmpty()) {
            keys.forEach(this::unknown);
          } else {
            String first = keys.get(0);
            String others = keys.size() > 1 ? " and " + (keys.size() - 1) + " more " : " ";
            String where =
                FormerKeys.isOfCluster(first)
                    ? ", such as "
                        + FormerKeys.named(first, "main")
                        + "; 'caravan migrate' shows them."
                    : "";
            problems.add(first + others + place(first) + ": " + kind + where);
          }
        });
  }

  /** What is said of the key and others like it; empty text if it is simply unknown. */
  private String kind(String key) {
    if (FormerKeys.isOfPipeline(key)) {
      return "what runs, and when, is set in a file for each pipeline, pipelines/NAME.yaml;"
          + " 'caravan migrate' writes it from these keys.";
    }
    if (FormerKeys.isOfCluster(key)) {
      return "the settings of a cluster have its name in them";
    }
    String cluster = NamedCluster.nameIn(key);
    return cluster.isEmpty() || known().contains("caravan.cluster." + cluster + ".id")
        ? ""
        : "caravan.cluster.%s.id is not set, so there is no cluster %s. Set it, or remove its keys."
            .formatted(cluster, cluster);
  }

  private void unknown(String key) {
    problems.add(
        "Unknown setting "
            + key
            + " "
            + place(key)
            + nearest(key).map(near -> ": did you mean " + near + "?").orElse("."));
  }

  /** What was noted so far, in sentences. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * @throws SettingsException with all that was noted, one line each
   */
  public void throwProblems() {
    if (problems.size() == 1) {
      throw new SettingsException(problems.get(0));
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(
          problems.size() + " settings must be corrected:\n  " + String.join("\n  ", problems));
    }
  }
}
