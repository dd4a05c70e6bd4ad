package dev.caravan.shared.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads settings by key, typed and within bounds, and remembers which keys were asked for, so that
 * a key that nobody asked for can be refused. A value is taken without surrounding blanks; a blank
 * one counts as absent. What happens to a value that isn't allowed is the subclass's decision.
 */
public abstract class SettingsReader {
  private static final Pattern BYTES = Pattern.compile("(\\d{1,6})([kmgt])");

  private final Map<String, String> values = new TreeMap<>();
  private final Set<String> known = new TreeSet<>();
  private final Set<String> knownPrefixes = new TreeSet<>();

  protected SettingsReader(Map<String, String> values) {
    values.forEach((key, value) -> this.values.put(key, value.strip()));
  }

  /**
   * Refuses a value.
   *
   * @param allowed what it must be, fit for the end of a sentence
   * @param otherwise what is read in its place, if this returns
   */
  public abstract <T> T refuse(String key, String value, String allowed, T otherwise);

  /** All keys and values as they stand. */
  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  /** Sets a value that comes from elsewhere than the others, in place of the one that is there. */
  protected final void put(String key, String value) {
    values.put(key, value.strip());
  }

  public Optional<String> find(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  public String text(String key, String otherwise) {
    return find(key).orElse(otherwise);
  }

  /** A comma separated list without blanks and empty parts. */
  public List<String> list(String key) {
    return find(key).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  public int integer(String key, int otherwise, int least, int most) {
    return (int) number(key, otherwise, least, most);
  }

  public long number(String key, long otherwise, long least, long most) {
    Optional<String> value = find(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, in the same words as an excess.
    }
    return refuse(key, value.get(), "a whole number from " + least + " to " + most, otherwise);
  }

  /**
   * An amount of bytes as number and unit, a power of 1024: {@code 0k}, {@code 64k}, {@code 2g}.
   */
  public long bytes(String key, long otherwise, long least, long most) {
    Optional<String> value = find(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = BYTES.matcher(value.get());
    if (matcher.matches()) {
      long bytes = Long.parseLong(matcher.group(1)) << (10 * "kmgt".indexOf(matcher.group(2)) + 10);
      if (bytes >= least && bytes <= most) {
        return bytes;
      }
    }
    return refuse(
        key,
        value.get(),
        "an amount from " + least + " to " + most + " bytes written like 512k, 256m or 2g",
        otherwise);
  }

  public boolean yes(String key, boolean otherwise) {
    return oneOf(key, Boolean.toString(otherwise), "true", "false").equals("true");
  }

  /** One of these words, in any case of letters. */
  public String oneOf(String key, String otherwise, String... allowed) {
    String value = text(key, otherwise);
    String word = value.toLowerCase(Locale.ROOT);
    return List.of(allowed).contains(word)
        ? word
        : refuse(key, value, "one of " + String.join(", ", allowed), otherwise);
  }

  /** A duration as {@link Durations} reads it. */
  public Duration duration(String key, String otherwise, String least, String most) {
    String value = text(key, otherwise);
    try {
      Duration duration = Durations.parse(value);
      if (duration.compareTo(Durations.parse(least)) >= 0
          && duration.compareTo(Durations.parse(most)) <= 0) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the same words as an excess.
    }
    return refuse(
        key,
        value,
        "a duration from " + least + " to " + most + ", such as " + otherwise,
        Durations.parse(otherwise));
  }

  /** All settings whose key begins with the prefix, keyed by what follows it. */
  public Map<String, String> below(String prefix) {
    knownPrefixes.add(prefix);
    return values.entrySet().stream()
        .filter(
            each -> each.getKey().startsWith(prefix) && each.getKey().length() > prefix.length())
        .collect(
            Collectors.toMap(
                each -> each.getKey().substring(prefix.length()),
                Map.Entry::getValue,
                (one, other) -> one,
                TreeMap::new));
  }

  /** Every key that was asked for; those that begin with a prefix as the prefix itself. */
  public Set<String> known() {
    Set<String> all = new TreeSet<>(known);
    all.addAll(knownPrefixes);
    return all;
  }

  /** What an unknown key was meant to be; empty if all known ones are too far away. */
  protected Optional<String> nearest(String key) {
    return Nearest.to(key, known)
        .or(
            () ->
                knownPrefixes.stream()
                    .filter(
                        prefix -> Nearest.to(beginning(key, prefix), Set.of(prefix)).isPresent())
                    .findFirst());
  }

  private static String beginning(String key, String prefix) {
    return key.substring(0, Math.min(key.length(), prefix.length()));
  }

  /** The keys that stand there and that nobody asked for; complete when all has been read. */
  protected List<String> unknown() {
    return values.keySet().stream()
        .filter(key -> !known.contains(key))
        .filter(key -> knownPrefixes.stream().noneMatch(key::startsWith))
        .toList();
  }
}
