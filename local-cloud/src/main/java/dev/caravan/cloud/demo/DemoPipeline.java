package dev.caravan.cloud.demo;

import dev.caravan.cloud.process.WrittenPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The pipeline that the demo runs: the shipped one, unless something else is asked for.
 *
 * @param shipped the shipped pipeline's file
 * @param raw whether the events layer is made first, of raw events
 * @param marts the jobs that are run then, in order
 * @param failing the job that is told of a city dictionary that isn't there
 */
public record DemoPipeline(Path shipped, boolean raw, List<Mart> marts, Optional<Mart> failing) {
  private static final String NAME = "datamarts";
  private static final int DEPTH_DAYS = 30;
  private static final int TOGETHER = 7;
  private static final String LAYER = "events-layer";
  private static final String LAKE = "s3a://" + LocalCloud.LAKE + "/";

  /** The shipped pipeline. */
  public static DemoPipeline shipped(Artifacts artifacts) {
    return new DemoPipeline(artifacts.pipeline, false, Mart.OURS, Optional.empty());
  }

  /** Writes its file into the directory of pipelines beside the settings file. */
  void write(Path directory) throws IOException {
    if (raw || failing.isPresent() || !marts.equals(Mart.OURS)) {
      written().write(directory, NAME);
    } else {
      Path file = directory.resolve("pipelines/" + NAME + ".yaml");
      Files.createDirectories(file.getParent());
      Files.copy(shipped, file);
    }
  }

  /** One application makes all datamarts, unless one of them is to fail alone. */
  private WrittenPipeline written() {
    WrittenPipeline pipeline = new WrittenPipeline();
    if (raw) {
      pipeline.job(LAYER, layer());
    }
    if (failing.isEmpty()) {
      String name = marts.size() == 1 ? marts.get(0).job() : "datamarts";
      return pipeline.job(name, application(marts, "cities"));
    }
    for (Mart mart : marts) {
      String cities = failing.get().equals(mart) ? "no-such-cities" : "cities";
      pipeline.job(mart.job(), application(List.of(mart), cities));
    }
    return pipeline;
  }

  /** Its output is verified by the messages of the date. */
  private static Map<String, Object> layer() {
    return job(
        LAYER,
        "{date}",
        List.of("--src", LAKE + "raw", "--tgt", LAKE + "events"),
        List.of(
            output(
                "events/event_type=message/date={date}/",
                List.of("message_id", "message_from", "message_to", "message_ts", "datetime"))));
  }

  private static Map<String, Object> application(List<Mart> marts, String cities) {
    return job(
        marts.stream().map(Mart::job).collect(Collectors.joining(",")),
        "{dates}",
        List.of("--src", LAKE + "events", "--coords", LAKE + cities, "--tgt", LAKE + "datamarts"),
        marts.stream().map(mart -> output(mart.prefix("{date}"), mart.columns())).toList());
  }

  private static Map<String, Object> output(String prefix, List<String> columns) {
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("at", "s3://" + LocalCloud.LAKE + "/" + prefix);
    output.put("rows", Map.of("min", 1));
    output.put("columns", columns);
    return output;
  }

  private static Map<String, Object> job(
      String marts, String dates, List<String> paths, List<Map<String, Object>> outputs) {
    String summary = "summaries/{job}/{date}.json";
    List<String> args =
        new ArrayList<>(List.of(marts, "--date", dates, "--depth", Integer.toString(DEPTH_DAYS)));
    args.addAll(paths);
    args.addAll(List.of("--summary", LAKE + summary));
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("file", "s3a://" + LocalCloud.LAKE + "/" + LocalCloud.JARS + LocalCloud.JOBS_JAR);
    job.put("class", "dev.caravan.jobs.Main");
    job.put("args", args);
    job.put("together", dates.equals("{dates}") ? TOGETHER : 1);
    job.put("timeout", "10m");
    job.put("poll", "1s");
    job.put("outputs", outputs);
    job.put("summary", "s3://" + LocalCloud.LAKE + "/" + summary);
    return job;
  }
}
