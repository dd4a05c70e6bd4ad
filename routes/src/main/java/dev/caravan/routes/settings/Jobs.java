package dev.caravan.routes.settings;

import dev.caravan.processors.JobConfig;
import dev.caravan.processors.JobConfigs;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The job blocks of the settings. */
final class Jobs {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,59}");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
  private static final List<String> PLACEHOLDERS = List.of("date", "run", "job", "attempt");

  private Jobs() {}

  static JobConfigs from(SettingsReader settings) {
    settings.required("caravan.jobs", "name the jobs of the pipeline, separated by commas");
    List<String> names = settings.list("caravan.jobs");
    for (String name : names) {
      if (!NAME.matcher(name).matches() || names.indexOf(name) != names.lastIndexOf(name)) {
        throw settings.bad(
            "caravan.jobs",
            String.join(",", names),
            "different names of letters, digits and hyphens, separated by commas");
      }
    }
    return new JobConfigs(names.stream().map(name -> job(settings, name)).toList());
  }

  private static JobConfig job(SettingsReader settings, String name) {
    String prefix = "caravan.job." + name + ".";
    String args = settings.text(prefix + "args", "");
    checkPlaceholders(settings, prefix + "args", args);
    return new JobConfig(
        name,
        settings.required(
            prefix + "file",
            "the jar of job " + name + " as the cluster sees it, such as s3a://bucket/jobs.jar"),
        settings.required(prefix + "class-name", "the main class of job " + name),
        args.isEmpty() ? List.of() : List.of(args.split("\\s+")),
        settings.below(prefix + "conf."),
        settings.duration(prefix + "timeout", "1h", "1s", "7d"),
        settings.duration(prefix + "poll", "5s", "50ms", "10m"),
        settings.integer(prefix + "attempts", 1, 1, 10),
        output(settings, prefix),
        s3Location(settings, prefix + "summary"));
  }

  private static Optional<JobConfig.Output> output(SettingsReader settings, String prefix) {
    int objects = settings.integer(prefix + "min-objects", 1, 1, 1_000_000);
    long bytes = settings.number(prefix + "min-bytes", 1, 0, Long.MAX_VALUE);
    long rows = settings.number(prefix + "min-rows", 1, 0, Long.MAX_VALUE);
    List<String> columns = settings.list(prefix + "columns");
    return s3Location(settings, prefix + "output")
        .map(location -> new JobConfig.Output(location, objects, bytes, rows, columns));
  }

  private static Optional<String> s3Location(SettingsReader settings, String key) {
    Optional<String> location = settings.find(key);
    location.ifPresent(
        value -> {
          checkPlaceholders(settings, key, value);
          URI uri =
              parse(PLACEHOLDER.matcher(value).replaceAll("x"))
                  .orElseThrow(() -> badLocation(settings, key, value));
          if (!"s3".equals(uri.getScheme())
              || uri.getHost() == null
              || uri.getPath().length() < 2) {
            throw badLocation(settings, key, value);
          }
        });
    return location;
  }

  private static Optional<URI> parse(String value) {
    try {
      return Optional.of(URI.create(value));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SettingsException badLocation(SettingsReader settings, String key, String value) {
    return settings.bad(key, value, "an S3 address such as s3://bucket/datamarts/date={date}/");
  }

  private static void checkPlaceholders(SettingsReader settings, String key, String value) {
    PLACEHOLDER
        .matcher(value)
        .results()
        .map(found -> found.group(1))
        .filter(found -> !PLACEHOLDERS.contains(found))
        .findFirst()
        .ifPresent(
            found -> {
              throw settings.bad(
                  key,
                  value,
                  "free of {"
                      + found
                      + "}: the placeholders are {date}, {run}, {job} and {attempt}");
            });
  }
}
