package dev.caravan.routes.settings;

import com.cronutils.mapper.CronMapper;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.caravan.processors.pipelines.BrokenPipelineException;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns the keys of the time when a settings file had one pipeline and one cluster into a
 * pipeline's file and into the keys of a cluster named main.
 *
 * @param file where the pipeline is to be written
 * @param pipeline its text; empty if the settings have no keys of a pipeline
 * @param settings the lines that replace the keys of the cluster
 */
public record Migration(Path file, String pipeline, List<String> settings) {
  private static final String CLUSTER = "main";
  private static final String JOB = "caravan.job.";
  private static final Pattern BRACES = Pattern.compile("\\{(?:date|run|job|attempt)}|[{}]");

  /**
   * Reads the former keys; nothing is written yet.
   *
   * @throws SettingsException if there are none, or they can't be written as a pipeline
   */
  public static Migration of(Path settingsFile, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(settingsFile, overrides);
    Map<String, String> values = new TreeMap<>(reader.all());
    values.values().removeIf(String::isEmpty);
    String name = values.getOrDefault("caravan.pipeline", "datamarts");
    Path file = Settings.pipelinesDirectory(reader).resolve(name + ".yaml");
    boolean has = values.keySet().stream().anyMatch(FormerKeys::isOfPipeline);
    String text = has ? pipeline(values) : "";
    List<String> settings =
        values.entrySet().stream()
            .filter(entry -> FormerKeys.isOfCluster(entry.getKey()))
            .map(entry -> FormerKeys.named(entry.getKey(), CLUSTER) + "=" + entry.getValue())
            .toList();
    if (!has && settings.isEmpty()) {
      throw new SettingsException(
          "There is nothing to migrate in "
              + settingsFile
              + ": it has no keys of earlier versions.");
    }
    if (has) {
      check(name, file, text);
    }
    return new Migration(file, text, settings);
  }

  private static void check(String name, Path file, String text) {
    try {
      PipelineParser.of(Set.of(CLUSTER)).parse(name, file.getFileName().toString(), text);
    } catch (BrokenPipelineException e) {
      throw new SettingsException(
          "The keys can't be migrated as they are. Correct what is wrong in the pipeline that they would become:\n"
              + text
              + "\n"
              + e.getMessage());
    }
  }

  /**
   * Writes the pipeline, if there is one.
   *
   * @throws SettingsException if the file is there already, or can't be written
   */
  public void write() {
    if (pipeline.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, pipeline, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new SettingsException(file + " is there already; nothing was written.");
    } catch (IOException e) {
      throw new SettingsException(file + " can't be written: " + e);
    }
  }

  private static String pipeline(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    text.append("schedule: { ").append(schedule(values)).append(" }\n");
    text.append("cluster: ").append(CLUSTER).append("\njobs:\n");
    String before = "";
    for (String job : values.getOrDefault("caravan.jobs", "").split("\\s*,\\s*")) {
      job(text, values, job.strip(), before);
      before = job.strip();
    }
    return text.toString();
  }

  private static String schedule(Map<String, String> values) {
    List<String> keys = new ArrayList<>();
    Optional<String> cron = Optional.ofNullable(values.get("caravan.schedule.cron"));
    keys.add(
        cron.map(expression -> "cron: " + quoted(fiveFields(expression)))
            .orElseGet(() -> "every: " + values.getOrDefault("caravan.schedule.every", "24h")));
    Optional.ofNullable(values.get("caravan.schedule.zone"))
        .ifPresent(zone -> keys.add("zone: " + quoted(zone)));
    String offset = values.getOrDefault("caravan.schedule.date-offset-days", "1");
    keys.add(
        "date: "
            + switch (offset) {
              case "0" -> "today";
              case "1" -> "yesterday";
              default -> quoted("-" + offset + "d");
            });
    return String.join(", ", keys);
  }

  private static String fiveFields(String quartz) {
    String[] fields = quartz.strip().split("\\s+");
    boolean plain = fields.length == 6 || fields.length == 7 && fields[6].equals("*");
    try {
      if (plain && fields[0].equals("0")) {
        return CronMapper.fromQuartzToUnix()
            .map(
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ))
                    .parse(quartz))
            .asString();
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the same words.
    }
    throw new SettingsException(
        "caravan.schedule.cron is '"
            + quartz
            + "', which can't be written in the five fields minute, hour, day of month, month, day of week: change it first.");
  }

  /** Jobs ran one after the other, and none after one that failed. */
  private static void job(
      StringBuilder text, Map<String, String> values, String job, String before) {
    String prefix = JOB + job + ".";
    text.append("  ").append(job).append(":\n");
    if (!before.isEmpty()) {
      line(text, "needs", Optional.of("[" + before + "]"));
    }
    Optional<String> args = Optional.ofNullable(values.get(prefix + "args"));
    line(text, "file", text(values, prefix + "file"));
    line(
        text,
        "class",
        Optional.ofNullable(values.get(prefix + "class-name")).map(Migration::quoted));
    line(text, "args", args.map(words -> list(Arrays.asList(words.strip().split("\\s+")))));
    line(text, "conf", conf(values, prefix + "conf."));
    for (String key : List.of("timeout", "poll", "attempts")) {
      line(text, key, Optional.ofNullable(values.get(prefix + key)));
    }
    text(values, prefix + "output").ifPresent(at -> output(text, values, prefix, at));
    line(text, "summary", text(values, prefix + "summary"));
  }

  private static void output(
      StringBuilder text, Map<String, String> values, String prefix, String at) {
    text.append("    outputs:\n      - at: ").append(at).append("\n");
    Optional.ofNullable(values.get(prefix + "columns"))
        .ifPresent(
            columns ->
                text.append("        columns: ")
                    .append(list(Arrays.asList(columns.strip().split("\\s*,\\s*"))))
                    .append("\n"));
    for (String what : List.of("objects", "bytes", "rows")) {
      Optional.ofNullable(values.get(prefix + "min-" + what))
          .ifPresent(least -> text.append("        %s: { min: %s }\n".formatted(what, least)));
    }
  }

  private static Optional<String> conf(Map<String, String> values, String prefix) {
    String conf =
        values.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .map(
                entry ->
                    quoted(entry.getKey().substring(prefix.length()))
                        + ": "
                        + quoted(escaped(entry.getValue())))
            .collect(Collectors.joining(", "));
    return conf.isEmpty() ? Optional.empty() : Optional.of("{ " + conf + " }");
  }

  private static void line(StringBuilder text, String key, Optional<String> value) {
    value.ifPresent(known -> text.append("    %s: %s\n".formatted(key, known)));
  }

  private static Optional<String> text(Map<String, String> values, String key) {
    return Optional.ofNullable(values.get(key)).map(value -> quoted(escaped(value)));
  }

  private static String list(List<String> words) {
    return words.stream()
        .map(word -> quoted(escaped(word)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Braces that were no placeholders stood for themselves. */
  private static String escaped(String value) {
    return BRACES
        .matcher(value)
        .replaceAll(brace -> brace.group().length() > 1 ? "$0" : brace.group() + brace.group());
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
  }
}
