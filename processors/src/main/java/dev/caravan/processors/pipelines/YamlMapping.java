package dev.caravan.processors.pipelines;

import dev.caravan.shared.settings.Durations;
import dev.caravan.shared.settings.Nearest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A section of the file: its values by key. Where it lacks a key, its fallback's value is read.
 * What isn't allowed is noted and read as empty.
 */
final class YamlMapping {
  private final YamlValue itself;
  private final Map<String, YamlValue> values;
  private final Optional<YamlMapping> fallback;

  /** The known keys that unknown ones were probably meant to be. */
  private final Set<String> meant = new TreeSet<>();

  private YamlMapping(
      YamlValue itself, Map<String, YamlValue> values, Optional<YamlMapping> fallback) {
    this.itself = itself;
    this.values = values;
    this.fallback = fallback;
  }

  /** A mapping of these keys alone; others are noted and left out. */
  static YamlMapping of(YamlValue value, Set<String> known) {
    YamlMapping mapping = of(value);
    Map<String, YamlValue> unknown = new LinkedHashMap<>(mapping.values);
    unknown.keySet().removeAll(known);
    mapping.values.keySet().retainAll(known);
    unknown.forEach(
        (key, each) -> {
          Optional<String> near = Nearest.to(key, known);
          near.ifPresent(mapping.meant::add);
          each.faults()
              .add(
                  each.line(),
                  "unknown key "
                      + each.path()
                      + near.map(word -> ": did you mean " + word + "?")
                          .orElse("; known are " + String.join(", ", new TreeSet<>(known))));
        });
    return mapping;
  }

  /** A mapping of any keys; what isn't one is noted and read as an empty one. */
  static YamlMapping of(YamlValue value) {
    Map<String, YamlValue> values = new LinkedHashMap<>();
    if (value.node() instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        put(values, value, tuple);
      }
    } else {
      value.mustBe("a mapping of keys to values");
    }
    return new YamlMapping(value, values, Optional.empty());
  }

  private static void put(Map<String, YamlValue> values, YamlValue parent, NodeTuple tuple) {
    int line = PipelineYaml.line(tuple.getKeyNode().getStartMark());
    String beginning = parent.path().isEmpty() ? "" : parent.path() + ".";
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      parent.faults().add(line, beginning + "? has a key that is not a word");
      return;
    }
    String path = beginning + key.getValue();
    YamlValue first =
        values.putIfAbsent(
            key.getValue(), new YamlValue(path, tuple.getValueNode(), parent.faults()));
    if (first != null) {
      parent
          .faults()
          .add(line, path + " stands here a second time; the first is in line " + first.line());
    }
  }

  YamlMapping withFallback(YamlMapping defaults) {
    YamlMapping mapping = new YamlMapping(itself, values, Optional.of(defaults));
    mapping.meant.addAll(meant);
    return mapping;
  }

  YamlValue itself() {
    return itself;
  }

  Map<String, YamlValue> all() {
    return values;
  }

  boolean hasOwn(String key) {
    return values.containsKey(key);
  }

  Optional<YamlValue> find(String key) {
    return Optional.ofNullable(values.get(key))
        .or(() -> fallback.flatMap(defaults -> defaults.find(key)));
  }

  /** All values under a key that are to be merged, the fallback's first. */
  List<YamlValue> inherited(String key) {
    return Stream.concat(
            fallback.stream().flatMap(defaults -> defaults.inherited(key).stream()),
            Stream.ofNullable(values.get(key)))
        .toList();
  }

  /** The value under a key that must be there, which is noted if it isn't. */
  Optional<YamlValue> required(String key, String meaning) {
    Optional<YamlValue> value = find(key);
    if (value.isEmpty() && !meant.contains(key) && itself.node() instanceof MappingNode) {
      itself.refuse("has no " + key + ": " + meaning);
    }
    return value;
  }

  List<YamlValue> list(String key) {
    return find(key).map(YamlValue::list).orElse(List.of());
  }

  long number(String key, long otherwise, long least, long most) {
    return find(key).flatMap(value -> value.number(least, most)).orElse(otherwise);
  }

  Duration duration(String key, String otherwise, String least, String most) {
    return duration(key, least, most).orElse(Durations.parse(otherwise));
  }

  Optional<Duration> duration(String key, String least, String most) {
    return find(key)
        .flatMap(value -> value.text().flatMap(text -> duration(value, text, least, most)));
  }

  private static Optional<Duration> duration(
      YamlValue value, String text, String least, String most) {
    try {
      Duration duration = Durations.parse(text);
      if (duration.compareTo(Durations.parse(least)) >= 0
          && duration.compareTo(Durations.parse(most)) <= 0) {
        return Optional.of(duration);
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the same words as an excess.
    }
    return value.mustBe("a duration from " + least + " to " + most + ", such as 90s, 30m or 2h");
  }

  /** One of these words. */
  Optional<String> oneOf(String key, List<String> words) {
    return find(key)
        .flatMap(
            value ->
                value
                    .text()
                    .flatMap(
                        text ->
                            words.contains(text)
                                ? Optional.of(text)
                                : value.mustBe("one of " + String.join(", ", words))));
  }
}
