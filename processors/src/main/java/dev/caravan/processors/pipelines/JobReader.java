package dev.caravan.processors.pipelines;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a job's section, each key of which falls back to {@code defaults}. */
final class JobReader {
  private static final Pattern FILE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:)?/\\S+");
  private static final Pattern CLASS =
      Pattern.compile("\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}.]*");
  private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]{0,8}([kmgtp]b?)?");
  private static final Pattern QUEUE = Pattern.compile("\\S+");
  private static final String FILE_EXAMPLE =
      "a URL or an absolute path without spaces, such as s3a://bucket/jobs.jar";

  private final PipelineTexts texts;

  JobReader(PipelineTexts texts) {
    this.texts = texts;
  }

  /** Notes what is wrong with values that jobs may replace. */
  void check(YamlMapping defaults) {
    program(defaults);
    policy(defaults);
    new OutputReader(texts).read(defaults);
    summary(defaults);
  }

  /** The job; one with faults only if it can be made all the same. */
  PipelineJob read(String name, YamlMapping job) {
    List<String> needs = words(job.list("needs"));
    SparkProgram program = program(job);
    job.required("file", "the jar or Python file, as the cluster sees it");
    if (!program.file().isEmpty()) {
      checkClass(job, program);
    }
    JobPolicy policy = policy(job);
    if (policy.together() > 1
        && program.args().stream().noneMatch(arg -> Placeholders.has(arg, "dates"))) {
      job.find("together")
          .orElseThrow()
          .refuse("is more than 1, but no argument has {dates}: how does the job learn its dates?");
    }
    return new PipelineJob(
        name, needs, program, policy, new OutputReader(texts).read(job), summary(job));
  }

  private static void checkClass(YamlMapping job, SparkProgram program) {
    boolean python = isPython(program);
    if (python && job.hasOwn("class")) {
      job.find("class").orElseThrow().refuse("is set, but a Python file has no class");
    } else if (!python && job.find("class").isEmpty()) {
      job.required("class", "the main class of the jar (only a file that ends in .py needs none)");
    }
  }

  private static boolean isPython(SparkProgram program) {
    return program.file().endsWith(".py");
  }

  private SparkProgram program(YamlMapping job) {
    SparkSizes sizes =
        new SparkSizes(
            fixed(job, "queue", QUEUE, "a queue's name without spaces"),
            memory(job, "driver-memory"),
            count(job, "driver-cores", 1_000),
            memory(job, "executor-memory"),
            count(job, "executor-cores", 1_000),
            count(job, "num-executors", 10_000));
    SparkProgram program =
        new SparkProgram(
            job.find("file").flatMap(this::file).orElse(""),
            fixed(job, "class", CLASS, "the full name of a class, such as com.example.Main"),
            job.list("args").stream().flatMap(arg -> texts.word(arg).stream()).toList(),
            files(job, "py-files"),
            files(job, "jars"),
            files(job, "files"),
            files(job, "archives"),
            conf(job),
            sizes);
    // What defaults say of the class is for the jars.
    return isPython(program) ? program.withoutClass() : program;
  }

  private List<String> files(YamlMapping job, String key) {
    return job.list(key).stream().flatMap(each -> file(each).stream()).toList();
  }

  private Optional<String> file(YamlValue value) {
    return texts
        .text(value)
        .flatMap(
            text ->
                FILE.matcher(texts.sample(text)).matches()
                    ? Optional.of(text)
                    : value.mustBe(FILE_EXAMPLE));
  }

  private Optional<String> fixed(YamlMapping job, String key, Pattern form, String allowed) {
    return job.find(key)
        .flatMap(
            value ->
                texts
                    .fixed(value)
                    .flatMap(
                        text ->
                            form.matcher(text).matches()
                                ? Optional.of(text)
                                : value.mustBe(allowed)));
  }

  private Optional<String> memory(YamlMapping job, String key) {
    return fixed(job, key, MEMORY, "an amount in Spark's notation, such as 512m or 4g");
  }

  private static Optional<Integer> count(YamlMapping job, String key, int most) {
    return job.find(key).flatMap(value -> value.number(1, most)).map(Long::intValue);
  }

  /** Merged by key: a job's own value wins. */
  private Map<String, String> conf(YamlMapping job) {
    Map<String, String> conf = new LinkedHashMap<>();
    job.inherited("conf").forEach(each -> addConf(conf, each));
    return conf;
  }

  private void addConf(Map<String, String> conf, YamlValue section) {
    YamlMapping.of(section)
        .all()
        .forEach(
            (key, value) -> {
              if (key.startsWith("spark.")) {
                texts.word(value).ifPresent(text -> conf.put(key, text));
              } else {
                value.refuse("is no setting of Spark: those begin with spark.");
              }
            });
  }

  private static JobPolicy policy(YamlMapping job) {
    Set<Integer> retryOn = new LinkedHashSet<>();
    job.list("retry-on")
        .forEach(code -> code.number(1, 255).ifPresent(each -> retryOn.add(each.intValue())));
    return new JobPolicy(
        job.duration("timeout", "1h", "1s", "7d"),
        job.duration("poll", "5s", "50ms", "10m"),
        (int) job.number("attempts", 1, 1, 10),
        retryOn,
        job.duration("retry-delay", "0s", "0s", "1d"),
        (int) job.number("together", 1, 1, 366));
  }

  private Optional<String> summary(YamlMapping job) {
    return job.find("summary").flatMap(texts::location);
  }

  static List<String> words(Collection<YamlValue> values) {
    List<String> words = new ArrayList<>();
    values.forEach(value -> value.text().ifPresent(words::add));
    return words;
  }
}
