package dev.caravan.routes.settings;

import dev.caravan.processors.JobConfig;
import dev.caravan.processors.JobConfigs;
import dev.caravan.processors.output.S3Location;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The job blocks of the settings. */
final class JobBlocks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,59}");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
  private static final Pattern FILE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:)?/\\S+");
  private static final Pattern CLASS =
      Pattern.compile("\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}.]*");
  private static final List<String> PLACEHOLDERS = List.of("date", "run", "job", "attempt");

  private JobBlocks() {}

  static JobConfigs from(SettingsFile settings) {
    settings.required("caravan.jobs", "name the jobs of the pipeline, separated by commas");
    List<String> names = settings.list("caravan.jobs");
    if (!names.stream().allMatch(name -> NAME.matcher(name).matches())
        || Set.copyOf(names).size() < names.size()) {
      settings.refuse(
          "caravan.jobs",
          String.join(",", names),
          "different names of letters, digits and hyphens, separated by commas",
          names);
    }
    return new JobConfigs(names.stream().distinct().map(name -> job(settings, name)).toList());
  }

  private static JobConfig job(SettingsFile settings, String name) {
    String prefix = "caravan.job." + name + ".";
    String args = settings.text(prefix + "args", "");
    checkPlaceholders(settings, prefix + "args", args);
    return new JobConfig(
        name,
        file(settings, prefix + "file", name),
        className(settings, prefix + "class-name", name),
        args.isEmpty() ? List.of() : List.of(args.split("\\s+")),
        conf(settings, prefix + "conf."),
        settings.duration(prefix + "timeout", "1h", "1s", "7d"),
        settings.duration(prefix + "poll", "5s", "50ms", "10m"),
        settings.integer(prefix + "attempts", 1, 1, 10),
        output(settings, prefix),
        s3Location(settings, prefix + "summary"));
  }

  private static String file(SettingsFile settings, String key, String job) {
    String example = "such as s3a://bucket/jobs.jar";
    String file =
        settings.required(key, "the jar of job " + job + " as the cluster sees it, " + example);
    checkPlaceholders(settings, key, file);
    return file.isEmpty() || FILE.matcher(file).matches()
        ? file
        : settings.refuse(key, file, "a URL or an absolute path without spaces, " + example, file);
  }

  private static String className(SettingsFile settings, String key, String job) {
    String name = settings.required(key, "the main class of job " + job);
    return name.isEmpty() || CLASS.matcher(name).matches()
        ? name
        : settings.refuse(key, name, "the full name of a class, such as com.example.Main", name);
  }

  private static Map<String, String> conf(SettingsFile settings, String prefix) {
    Map<String, String> conf = settings.below(prefix);
    conf.keySet().stream()
        .filter(key -> !key.startsWith("spark."))
        .forEach(
            key ->
                settings.refuse(
                    prefix + key, conf.get(key), "a setting of Spark: " + prefix + "spark...", ""));
    return conf;
  }

  private static Optional<JobConfig.Output> output(SettingsFile settings, String prefix) {
    int objects = settings.integer(prefix + "min-objects", 1, 1, 1_000_000);
    long bytes = settings.number(prefix + "min-bytes", 1, 0, Long.MAX_VALUE);
    long rows = settings.number(prefix + "min-rows", 1, 0, Long.MAX_VALUE);
    List<String> columns = settings.list(prefix + "columns");
    return s3Location(settings, prefix + "output")
        .map(location -> new JobConfig.Output(location, objects, bytes, rows, columns));
  }

  private static Optional<String> s3Location(SettingsFile settings, String key) {
    Optional<String> location = settings.find(key);
    location
        .filter(value -> checkPlaceholders(settings, key, value))
        .filter(value -> !isS3Location(PLACEHOLDER.matcher(value).replaceAll("x/x")))
        .ifPresent(
            value ->
                settings.refuse(
                    key, value, "an S3 address such as s3://bucket/datamarts/date={date}/", ""));
    return location;
  }

  private static boolean isS3Location(String value) {
    try {
      S3Location.of(value);
      // It would end RAW(...), in which the routes hand Camel the key as it is.
      return !value.contains(")&");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the placeholders are known ones; else that is noted. */
  private static boolean checkPlaceholders(SettingsFile settings, String key, String value) {
    Optional<String> unknown =
        PLACEHOLDER
            .matcher(value)
            .results()
            .map(found -> found.group(1))
            .filter(found -> !PLACEHOLDERS.contains(found))
            .findFirst();
    unknown.ifPresent(
        found ->
            settings.refuse(
                key,
                value,
                "free of {" + found + "}: the placeholders are {date}, {run}, {job} and {attempt}",
                value));
    return unknown.isEmpty();
  }
}
