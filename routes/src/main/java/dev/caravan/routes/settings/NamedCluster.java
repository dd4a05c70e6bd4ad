package dev.caravan.routes.settings;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.batches.BatchClientConfig;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.cost.Rate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A cluster and how it is talked to, {@code caravan.cluster.NAME.*}.
 *
 * @param name what pipelines call it
 * @param prices empty: it is not known what it costs
 */
public record NamedCluster(
    String name,
    ClusterConfig config,
    EndpointConfig endpoint,
    BatchClientConfig batches,
    Optional<Prices> prices) {

  private static final String PREFIX = "caravan.cluster.";

  /** A key of a cluster: its name, and what is set. */
  private static final Pattern KEY =
      Pattern.compile("caravan\\.cluster\\.([A-Za-z][A-Za-z0-9-]{0,59})\\.(.+)");

  /** The clusters, by their names; those whose id is named. */
  static List<NamedCluster> from(SettingsFile settings) {
    TreeSet<String> names = names(settings);
    if (names.isEmpty() && settings.all().keySet().stream().anyMatch(FormerKeys::isOfCluster)) {
      return List.of();
    }
    if (names.isEmpty()) {
      names.add("main");
    }
    List<NamedCluster> clusters = names.stream().map(name -> of(settings, name)).toList();
    clusters.stream()
        .collect(Collectors.groupingBy(cluster -> cluster.config().id()))
        .forEach((id, same) -> refuseTwins(settings, id, same));
    return clusters;
  }

  private static TreeSet<String> names(SettingsFile settings) {
    return settings.all().keySet().stream()
        .map(KEY::matcher)
        .filter(Matcher::matches)
        .filter(key -> key.group(2).equals("id"))
        .map(key -> key.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void refuseTwins(SettingsFile settings, String id, List<NamedCluster> same) {
    if (same.size() > 1 && !id.isEmpty()) {
      settings.refuse(
          PREFIX + same.get(1).name() + ".id",
          id,
          "another id than that of " + PREFIX + same.get(0).name() + ".id",
          id);
    }
  }

  private static NamedCluster of(SettingsFile settings, String name) {
    String prefix = PREFIX + name + ".";
    String key = prefix + "id";
    String id = settings.required(key, "the id of a Data Proc cluster that jobs run on");
    if (!id.matches("[A-Za-z0-9_-]*")) {
      settings.refuse(key, id, "an id of letters and digits, as the console shows it", id);
    }
    ClusterConfig config =
        new ClusterConfig(
            id,
            settings.duration(prefix + "poll", "15s", "50ms", "5m"),
            settings.duration(prefix + "poll-fast", "2s", "50ms", "5m"),
            settings.duration(prefix + "start-timeout", "30m", "1s", "3h"),
            settings.duration(prefix + "alive-timeout", "10m", "1s", "3h"),
            settings.duration(prefix + "stop-timeout", "30m", "1s", "3h"),
            ClusterConfig.StopPolicy.valueOf(
                settings
                    .oneOf(prefix + "stop-policy", "ours", "ours", "always")
                    .toUpperCase(Locale.ROOT)),
            settings.text(prefix + "unused-alarm", "1h").equals("off")
                ? Optional.empty()
                : Optional.of(settings.duration(prefix + "unused-alarm", "1h", "1s", "7d")));
    return new NamedCluster(
        name,
        config,
        Remote.endpoint(settings, prefix + "endpoint."),
        Remote.batchClient(settings, prefix + "endpoint."),
        prices(settings, prefix + "price."));
  }

  /** None, unless there is a price of the hour. */
  private static Optional<Prices> prices(SettingsFile settings, String prefix) {
    Optional<String> hour = settings.find(prefix + "hour");
    Prices prices =
        new Prices(
            settings.text(prefix + "currency", "RUB"),
            rate(settings, prefix + "hour"),
            rate(settings, prefix + "disks-hour"),
            rate(settings, prefix + "start"));
    return hour.map(set -> prices);
  }

  private static Rate rate(SettingsFile settings, String key) {
    String value = settings.text(key, "0");
    try {
      return Rate.parse(value);
    } catch (IllegalArgumentException e) {
      return settings.refuse(
          key, value, "an amount such as 33.50, or 33.50, 36 from 2026-12-01", Rate.NONE);
    }
  }

  /** The cluster that a key is of; empty text if it is of none. */
  static String nameIn(String key) {
    Matcher matcher = KEY.matcher(key);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
