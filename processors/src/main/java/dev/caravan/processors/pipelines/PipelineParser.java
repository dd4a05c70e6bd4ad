package dev.caravan.processors.pipelines;

import dev.caravan.processors.cost.Budget;
import dev.caravan.shared.settings.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Makes a pipeline of its file's text. For use by many threads. */
public final class PipelineParser {
  /** The longest text, in bytes of UTF-8. */
  public static final int LONGEST = 1 << 20;

  private static final int MOST_JOBS = 500;
  private static final Pattern PIPELINE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,39}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,59}");
  private static final String FORM = "letters, digits and hyphens, and begins with a letter";

  private static final long MOST_MONEY = 1_000_000_000_000L;

  private final Optional<Set<String>> clusters;

  private PipelineParser(Optional<Set<String>> clusters) {
    this.clusters = clusters;
  }

  /**
   * For files.
   *
   * @param clusters the names that the settings have
   */
  public static PipelineParser of(Set<String> clusters) {
    return new PipelineParser(Optional.of(Set.copyOf(clusters)));
  }

  /** For texts that runs have kept, whose cluster may have another name by now. */
  public static PipelineParser ofSnapshots() {
    return new PipelineParser(Optional.empty());
  }

  /** Whether a pipeline can be called that. */
  public static boolean isName(String name) {
    return PIPELINE_NAME.matcher(name).matches();
  }

  /**
   * Makes the pipeline.
   *
   * @param file how its faults name it
   * @throws BrokenPipelineException with all faults of the text
   */
  public Pipeline parse(String name, String file, String text) {
    PipelineFaults faults = new PipelineFaults(file);
    if (!isName(name)) {
      faults.add(1, "the name '" + name + "' is not allowed: it has 1 to 40 " + FORM);
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      faults.add(1, "this is longer than 1 MiB");
      faults.throwAny();
    }
    Optional<Node> root = PipelineYaml.read(text, faults);
    if (root.isEmpty() && faults.isEmpty()) {
      faults.add(1, "this is empty: a pipeline has at least jobs");
    }
    faults.throwAny();
    Pipeline pipeline = pipeline(name, text, new YamlValue("", root.orElseThrow(), faults));
    faults.throwAny();
    return pipeline;
  }

  private Pipeline pipeline(String name, String text, YamlValue root) {
    YamlMapping file = YamlMapping.of(root, PipelineKeys.PIPELINE);
    PipelineTexts texts = new PipelineTexts(variables(file));
    return new Pipeline(
        name,
        file.find("schedule").flatMap(ScheduleReader::read),
        cluster(file),
        (int) file.number("parallel", 1, 1, 100),
        file.find("budget").flatMap(PipelineParser::budget),
        jobs(file, new JobReader(texts)),
        text);
  }

  private static Optional<Budget> budget(YamlValue value) {
    YamlMapping section = YamlMapping.of(value, PipelineKeys.BUDGET);
    int warnAt = (int) section.number("warn-at", 80, 1, 100);
    return section
        .required("month", "the amount that it may spend in a month, in its cluster's currency")
        .flatMap(amount -> amount.number(1, MOST_MONEY))
        .map(amount -> new Budget(amount, warnAt));
  }

  private String cluster(YamlMapping file) {
    Optional<YamlValue> value =
        file.required("cluster", "a name that the settings give, such as main");
    Optional<String> cluster = value.flatMap(YamlValue::text);
    if (cluster.isPresent()
        && clusters.filter(known -> !known.contains(cluster.get())).isPresent()) {
      value
          .get()
          .refuse(
              "is '"
                  + cluster.get()
                  + "', but the settings have no such cluster (caravan.cluster.NAME.id)"
                  + Nearest.to(cluster.get(), clusters.get())
                      .map(near -> ": did you mean " + near + "?")
                      .orElse(
                          "; they have "
                              + String.join(", ", clusters.get().stream().sorted().toList())));
    }
    return cluster.orElse("");
  }

  private static Map<String, String> variables(YamlMapping file) {
    Map<String, String> variables = new LinkedHashMap<>();
    file.find("vars")
        .map(YamlMapping::of)
        .ifPresent(
            section ->
                section
                    .all()
                    .forEach(
                        (name, value) -> {
                          if (Placeholders.isOfRuns(name)) {
                            value.refuse("can't be set: {" + name + "} is the run's");
                          } else if (!NAME.matcher(name).matches()) {
                            value.refuse("is no name: it has 1 to 60 " + FORM);
                          }
                          // Also if it is wrong, so that its use is not called unknown.
                          variables.put(name, variable(value));
                        }));
    return variables;
  }

  private static String variable(YamlValue value) {
    Optional<String> text = value.word();
    text.flatMap(written -> Placeholders.fault(written, Set.of())).ifPresent(value::refuse);
    return text.filter(written -> Placeholders.fault(written, Set.of()).isEmpty()).orElse("");
  }

  private static List<PipelineJob> jobs(YamlMapping file, JobReader reader) {
    Optional<YamlMapping> defaults =
        file.find("defaults").map(value -> YamlMapping.of(value, PipelineKeys.DEFAULTS));
    defaults.ifPresent(reader::check);
    Map<PipelineJob, YamlMapping> jobs = new LinkedHashMap<>();
    Optional<YamlMapping> sections =
        file.required("jobs", "a pipeline has at least one job").map(YamlMapping::of);
    sections.ifPresent(
        all ->
            all.all()
                .forEach(
                    (name, value) -> {
                      if (!NAME.matcher(name).matches()) {
                        value.refuse("is no name of a job: it has 1 to 60 " + FORM);
                      }
                      YamlMapping own = YamlMapping.of(value, PipelineKeys.JOB);
                      YamlMapping job = defaults.map(own::withFallback).orElse(own);
                      jobs.put(reader.read(name, job), job);
                    }));
    sections
        .filter(all -> all.itself().node() instanceof MappingNode)
        .filter(all -> jobs.isEmpty() || jobs.size() > MOST_JOBS)
        .ifPresent(
            all -> all.itself().refuse("has " + jobs.size() + " jobs: 1 to 500 are allowed"));
    return JobOrder.of(jobs);
  }
}
