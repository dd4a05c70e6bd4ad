package dev.caravan.processors.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caravan.processors.cost.Budget;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Slot;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file means, and that each fault is named with its line. */
class PipelineParserTest {
  private static final PipelineParser PARSER = PipelineParser.of(Set.of("main", "big"));
  private static final String LEAST =
      """
      cluster: main
      jobs:
        mart: { file: s3a://lake/jobs.jar, class: a.Main }
      """;

  private static final String FULL =
      """
      schedule: { cron: "30 3 * * 1-5", zone: Europe/Moscow, date: -2d, catch-up: all, catch-up-window: 3d, overlap: queue-one, late: 2h, done-by: 07:00 }
      budget: { month: 5000, warn-at: 90 }
      cluster: big
      parallel: 3
      vars: { lake: s3a://lake, day: "{date}", wide: 30 }
      defaults:
        file: "{lake}/jobs.jar"
        class: a.Main
        timeout: 2h
        conf: { spark.a: 1, spark.b: "{lake}/b" }
        retry-on: [1, 137]
      jobs:
        last: { needs: [first, script] }
        first:
          args: ["two words", 'a "quote"', 30, "{wide}", "{day}", "{{literal}}"]
          conf: { spark.a: 2 }
          jars: [s3a://lake/x.jar]
          queue: adhoc
          driver-memory: 2g
          driver-cores: 2
          executor-memory: 4g
          executor-cores: 3
          num-executors: 5
          timeout: 30m
          poll: 1s
          attempts: 3
          retry-on: [2]
          retry-delay: 1m
          outputs:
            - { at: "s3://lake/a/date={date}/", columns: [a, b], objects: { min: 2 }, bytes: { min: 3 }, rows: { min: 4, of-median: 0.5..2 } }
            - { at: "s3://lake/b/" }
          summary: s3://lake/{run}/{job}.json
        script: { file: "{lake}/job.py", py-files: [s3a://lake/lib.zip], files: ["s3a://lake/f.txt#f"], archives: [s3a://lake/env.tgz], together: 7, args: ["{dates}"] }
      """;

  private static Pipeline parse(String text) {
    return PARSER.parse("nightly", "nightly.yaml", text);
  }

  private static List<String> faults(String text) {
    BrokenPipelineException broken =
        catchThrowableOfType(BrokenPipelineException.class, () -> parse(text));
    assertThat(broken).as("it is refused: " + text).isNotNull();
    return broken.faults().stream().map(PipelineFault::toString).toList();
  }

  @Test
  void hasADefaultForAllButTheLeast() {
    Pipeline pipeline = parse(LEAST);

    assertThat(pipeline.name()).isEqualTo("nightly");
    assertThat(pipeline.schedule()).isEmpty();
    assertThat(pipeline.parallel()).isEqualTo(1);
    PipelineJob job = pipeline.job("mart");
    assertThat(job.policy())
        .isEqualTo(
            new JobPolicy(
                Duration.ofHours(1), Duration.ofSeconds(5), 1, Set.of(), Duration.ZERO, 1));
    assertThat(job.program().args()).isEmpty();
    assertThat(job.program().sizes()).isEqualTo(SparkSizes.DEFAULT);
    assertThat(job.outputs()).isEmpty();
    assertThat(job.summary()).isEmpty();
  }

  @Test
  void budgetWarnsAtFourFifths() {
    assertThat(parse("budget: { month: 5000 }\n" + LEAST).budget()).contains(new Budget(5_000, 80));
    assertThat(parse(LEAST).budget()).isEmpty();
  }

  @Test
  void scheduleHasDefaults() {
    assertThat(parse("schedule: { every: 24h }\n" + LEAST).schedule())
        .contains(
            new PipelineSchedule(
                Optional.empty(),
                Optional.of(Duration.ofDays(1)),
                ZoneOffset.UTC,
                DateRule.YESTERDAY,
                CatchUp.LAST,
                Duration.ofDays(7),
                Overlap.QUEUE,
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void cronMayRestrictBothDaysAndTheZoneMayBeAnOffset() {
    PipelineSchedule schedule =
        parse("schedule: { cron: '0 3 13 * 5', zone: '+03:00' }\n" + LEAST)
            .schedule()
            .orElseThrow();

    // Either day does: the 13th is a Sunday.
    assertThat(schedule.timetable().slots().next(Instant.parse("2026-12-10T12:00:00Z"), 3))
        .extracting(Slot::at)
        .containsExactly(
            Instant.parse("2026-12-11T00:00:00Z"),
            Instant.parse("2026-12-13T00:00:00Z"),
            Instant.parse("2026-12-18T00:00:00Z"));
  }

  @Test
  void takesWhatIsSet() {
    Pipeline pipeline = parse(FULL);

    assertThat(pipeline.schedule())
        .contains(
            new PipelineSchedule(
                Optional.of("30 3 * * 1-5"),
                Optional.empty(),
                ZoneId.of("Europe/Moscow"),
                new DateRule(2),
                CatchUp.ALL,
                Duration.ofDays(3),
                Overlap.QUEUE_ONE,
                Optional.of(Duration.ofHours(2)),
                Optional.of(LocalTime.of(7, 0))));
    assertThat(pipeline.cluster()).isEqualTo("big");
    assertThat(pipeline.parallel()).isEqualTo(3);
    assertThat(pipeline.budget()).contains(new Budget(5_000, 90));
    assertThat(pipeline.jobNames()).containsExactly("first", "script", "last");
    PipelineJob first = pipeline.job("first");
    assertThat(first.policy())
        .isEqualTo(
            new JobPolicy(
                Duration.ofMinutes(30),
                Duration.ofSeconds(1),
                3,
                Set.of(2),
                Duration.ofMinutes(1),
                1));
    assertThat(first.program().sizes())
        .isEqualTo(
            new SparkSizes(
                Optional.of("adhoc"),
                Optional.of("2g"),
                Optional.of(2),
                Optional.of("4g"),
                Optional.of(3),
                Optional.of(5)));
    assertThat(first.outputs())
        .containsExactly(
            new PromisedOutput(
                "s3://lake/a/date={date}/",
                2,
                3,
                4,
                Optional.of(new RowBand(0.5, 2)),
                List.of("a", "b")),
            new PromisedOutput("s3://lake/b/", 1, 1, 1, Optional.empty(), List.of()));
    assertThat(first.summary()).contains("s3://lake/{run}/{job}.json");
  }

  @Test
  void aJobsOwnValueWinsAndConfIsMerged() {
    Pipeline pipeline = parse(FULL);

    SparkProgram first = pipeline.job("first").program();
    assertThat(first.file()).isEqualTo("s3a://lake/jobs.jar");
    assertThat(first.className()).contains("a.Main");
    assertThat(first.conf())
        .containsExactlyInAnyOrderEntriesOf(Map.of("spark.a", "2", "spark.b", "s3a://lake/b"));
    assertThat(pipeline.job("last").timeout()).isEqualTo(Duration.ofHours(2));
    assertThat(pipeline.job("last").retryOn()).containsExactlyInAnyOrder(1, 137);
  }

  @Test
  void argumentsKeepBlanksAndQuotesAndKnowVariables() {
    assertThat(parse(FULL).job("first").program().args())
        .containsExactly("two words", "a \"quote\"", "30", "30", "{date}", "{{literal}}");
  }

  @Test
  void aPythonFileHasNoClassEvenWhereDefaultsHaveOne() {
    SparkProgram script = parse(FULL).job("script").program();

    assertThat(script.className()).isEmpty();
    assertThat(script.file()).isEqualTo("s3a://lake/job.py");
    assertThat(script.pyFiles()).containsExactly("s3a://lake/lib.zip");
    assertThat(script.files()).containsExactly("s3a://lake/f.txt#f");
    assertThat(script.archives()).containsExactly("s3a://lake/env.tgz");
    assertThat(parse(FULL).job("script").together()).isEqualTo(7);
  }

  @Test
  void theTextOfAPipelineGivesTheSamePipeline() {
    Pipeline pipeline = parse(FULL);

    assertThat(pipeline.text()).isEqualTo(FULL);
    assertThat(PipelineParser.ofSnapshots().parse("nightly", "snapshot", pipeline.text()))
        .isEqualTo(pipeline);
  }

  @Test
  void jobsKeepTheOrderOfTheFileUnlessTheyNeedAnother() {
    assertThat(
            parse(
                    """
                    cluster: main
                    defaults: { file: /x.jar, class: A }
                    jobs: { d: { needs: [c] }, b: {}, a: {}, c: { needs: [a] } }
                    """)
                .jobNames())
        .containsExactly("b", "a", "c", "d");
  }

  /** Line and words of the one fault, the file's lines separated by a backslash. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clustr: main\\jobs: { m: { file: /x.py } } | 1 | unknown key clustr: did you mean cluster?",
        "cluster: main\\jobs: { m: { file: /x.py, timeuot: 1h } } | 2 | unknown key jobs.m.timeuot: did you mean timeout?",
        "cluster: main\\jobs: { m: { file: /x.py, colour: 1h } } | 2 | unknown key jobs.m.colour; known are archives,",
        "cluster: mian\\jobs: { m: { file: /x.py } } | 1 | cluster is 'mian', but the settings have no such cluster (caravan.cluster.NAME.id): did you mean main?",
        "cluster: main\\jobs: { m: { file: /x.py, timeout: soon } } | 2 | jobs.m.timeout is 'soon', but must be a duration from 1s to 7d",
        "cluster: main\\jobs: { m: { file: /x.py, timeout: 30 } } | 2 | jobs.m.timeout is '30', but must be text: put it in quotes",
        "cluster: main\\jobs: { m: { file: /x.py, timeout: 8d } } | 2 | jobs.m.timeout is '8d', but must be a duration from 1s to 7d",
        "cluster: main\\jobs: { m: { file: /x.py, attempts: two } } | 2 | jobs.m.attempts is 'two', but must be a whole number from 1 to 10",
        "cluster: main\\jobs: { m: { file: /x.py, args: --date } } | 2 | jobs.m.args is '--date', but must be a list",
        "cluster: main\\jobs: { m: { file: /x.py, args: [[a]] } } | 2 | jobs.m.args[0] is a list, but must be text or a number",
        "cluster: main\\jobs: { m: { file: /x.py, args: [null] } } | 2 | jobs.m.args[0] is empty",
        "cluster: main\\jobs: { m: [] } | 2 | jobs.m is a list, but must be a mapping of keys to values",
        "cluster: main\\jobs: [m] | 2 | jobs is a list, but must be a mapping",
        "cluster: main\\jobs: {} | 2 | jobs has 0 jobs",
        "cluster: main | 1 | has no jobs: a pipeline has at least one job",
        "jobs: { m: { file: /x.py } } | 1 | has no cluster",
        "cluster: main\\jobs: { m: {} } | 2 | jobs.m has no file: the jar or Python file",
        "cluster: main\\jobs: { m: { file: /x.jar } } | 2 | jobs.m has no class: the main class of the jar (only a file that ends in .py needs none)",
        "cluster: main\\jobs: { m: { file: /x.py, class: A } } | 2 | jobs.m.class is set, but a Python file has no class",
        "cluster: main\\jobs: { m: { file: /x.jar, class: a b } } | 2 | jobs.m.class is 'a b', but must be the full name of a class",
        "cluster: main\\jobs: { m: { file: x.py } } | 2 | jobs.m.file is 'x.py', but must be a URL or an absolute path",
        "cluster: main\\jobs: { m: { file: /x.py, jars: [x.jar] } } | 2 | jobs.m.jars[0] is 'x.jar', but must be a URL",
        "cluster: main\\jobs: { m: { file: /x.py, conf: { executor.memory: 4g } } } | 2 | jobs.m.conf.executor.memory is no setting of Spark",
        "cluster: main\\jobs: { m: { file: /x.py, driver-memory: much } } | 2 | jobs.m.driver-memory is 'much', but must be an amount in Spark's notation",
        "cluster: main\\jobs: { m: { file: /x.py, retry-on: [0] } } | 2 | jobs.m.retry-on[0] is '0', but must be a whole number from 1 to 255",
        "cluster: main\\jobs: { m: { file: /x.py, together: 2 } } | 2 | jobs.m.together is more than 1, but no argument has {dates}",
        "cluster: main\\jobs: { m: { file: /x.py, summary: s3://lake } } | 2 | jobs.m.summary is 's3://lake', but must be an S3 address",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: /mart }] } } | 2 | jobs.m.outputs[0].at is '/mart', but must be an S3 address",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: 's3://lake/a)&deleteAfterRead=true&x=(/' }] } } | 2 | must be an S3 address",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{}] } } | 2 | jobs.m.outputs[0] has no at",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: s3://lake/m/, columns: a }] } } | 2 | outputs[0].columns is 'a', but must be a list",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: s3://lake/m/, columns: [1] }] } } | 2 | outputs[0].columns[0] is '1', but must be text",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: s3://lake/m/, rows: 3 }] } } | 2 | outputs[0].rows is '3', but must be a mapping",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: s3://lake/m/, rows: { of-median: 2..1 } }] } } | 2 | rows.of-median is '2..1', but must be LOW..HIGH",
        "cluster: main\\jobs: { m: { file: /x.py, outputs: [{ at: s3://lake/m/, objects: { mni: 1 } }] } } | 2 | unknown key jobs.m.outputs[0].objects.mni: did you mean min?",
        "cluster: main\\jobs: { m: { file: /x.py, args: ['{day}'] } } | 2 | jobs.m.args[0] has the unknown placeholder {day}: did you mean {date}?",
        "cluster: main\\jobs: { m: { file: /x.py, args: ['{date-1}'] } } | 2 | has the unknown placeholder {date-1}: did you mean {date-1d}?",
        "cluster: main\\jobs: { m: { file: /x.py, args: ['{lake}'] } } | 2 | has the unknown placeholder {lake}",
        "cluster: main\\vars: { lake: x }\\jobs: { m: { file: /x.py, args: ['{laek}'] } } | 3 | has the unknown placeholder {laek}: did you mean {lake}?",
        "cluster: main\\jobs: { m: { file: /x.py, args: ['{\"a\": 1}'] } } | 2 | has a single {; a literal brace is written twice: {{ and }}",
        "cluster: main\\jobs: { m: { file: /x.py, args: ['a}'] } } | 2 | has a single }; a literal brace is written twice",
        "cluster: main\\jobs: { m: { file: /x.py, queue: '{date}' } } | 2 | jobs.m.queue has a placeholder of the run",
        "cluster: main\\vars: { date: x }\\jobs: { m: { file: /x.py } } | 2 | vars.date can't be set: {date} is the run's",
        "cluster: main\\vars: { a: '{b}', b: x }\\jobs: { m: { file: /x.py } } | 2 | vars.a has the unknown placeholder {b}",
        "cluster: main\\jobs: { m: { file: /x.py, needs: [n] } } | 2 | jobs.m.needs names the job n, which is not in this file",
        "cluster: main\\jobs: { mart: { file: /x.py }, m: { file: /x.py, needs: [mrat] } } | 2 | did you mean mart?",
        "cluster: main\\jobs: { m: { file: /x.py, needs: [m] } } | 2 | jobs.m.needs goes round in a circle: m needs m",
        "cluster: main\\jobs: { 'a b': { file: /x.py } } | 2 | jobs.a b is no name of a job",
        "cluster: main\\jobs:\\  m: { file: /x.py }\\  m: { file: /y.py } | 4 | jobs.m stands here a second time; the first is in line 3",
        "cluster: main\\cluster: main\\jobs: { m: { file: /x.py } } | 2 | cluster stands here a second time",
        "cluster: main\\schedule: {}\\jobs: { m: { file: /x.py } } | 2 | schedule has neither cron nor every",
        "cluster: main\\schedule: { cron: '1 1 * * *', every: 1h }\\jobs: { m: { file: /x.py } } | 2 | schedule has both cron and every",
        "cluster: main\\schedule: { cron: '0 30 3 * * ?' }\\jobs: { m: { file: /x.py } } | 2 | it has 6 (no seconds here)",
        "cluster: main\\schedule: { cron: 'every day at 3 o' }\\jobs: { m: { file: /x.py } } | 2 | schedule.cron is 'every day at 3 o', but must be five fields",
        "cluster: main\\schedule: { cron: '61 3 * * *' }\\jobs: { m: { file: /x.py } } | 2 | schedule.cron is '61 3 * * *', but must be five fields",
        "cluster: main\\schedule: { cron: '0 3 31 2 *' }\\jobs: { m: { file: /x.py } } | 2 | no month has that day",
        "cluster: main\\schedule: { every: 24h, zone: Mars/Base }\\jobs: { m: { file: /x.py } } | 2 | schedule.zone is 'Mars/Base', but must be a time zone",
        "cluster: main\\schedule: { every: 24h, date: tomorrow }\\jobs: { m: { file: /x.py } } | 2 | schedule.date is 'tomorrow', but must be today, yesterday, or",
        "cluster: main\\schedule: { every: 24h, date: -367d }\\jobs: { m: { file: /x.py } } | 2 | schedule.date is '-367d'",
        "cluster: main\\schedule: { every: 0s }\\jobs: { m: { file: /x.py } } | 2 | schedule.every is '0s', but must be a duration from 1s to 366d",
        "cluster: main\\schedule: { every: 24h, overlap: kill }\\jobs: { m: { file: /x.py } } | 2 | schedule.overlap is 'kill', but must be one of queue, queue-one, skip, replace",
        "cluster: main\\schedule: { every: 24h, done-by: 24:00 }\\jobs: { m: { file: /x.py } } | 2 | schedule.done-by is '24:00', but must be a time of day from 00:00 to 23:59",
        "cluster: main\\schedule: { every: 24h, done-by: 7am }\\jobs: { m: { file: /x.py } } | 2 | schedule.done-by is '7am', but must be a time of day",
        "cluster: main\\schedule: { every: 24h, done_by: 07:00 }\\jobs: { m: { file: /x.py } } | 2 | unknown key schedule.done_by: did you mean done-by?",
        "cluster: main\\schedule: { every: 24h, catch-up: some }\\jobs: { m: { file: /x.py } } | 2 | schedule.catch-up is 'some', but must be one of none, last, all",
        "cluster: main\\defaults: { needs: [m] }\\jobs: { m: { file: /x.py } } | 2 | unknown key defaults.needs",
        "cluster: main\\budget: { month: 0 }\\jobs: { m: { file: /x.py } } | 2 | budget.month is '0', but must be a whole number from 1 to",
        "cluster: main\\budget: { month: 5.5 }\\jobs: { m: { file: /x.py } } | 2 | budget.month is '5.5', but must be a whole number",
        "cluster: main\\budget: { month: 5, warn-at: 101 }\\jobs: { m: { file: /x.py } } | 2 | budget.warn-at is '101', but must be a whole number from 1 to 100",
        "cluster: main\\budget: { warn-at: 80 }\\jobs: { m: { file: /x.py } } | 2 | budget has no month: the amount that it may spend in a month",
        "cluster: main\\budget: { months: 5 }\\jobs: { m: { file: /x.py } } | 2 | unknown key budget.months: did you mean month?",
        "cluster: main\\parallel: 0\\jobs: { m: { file: /x.py } } | 2 | parallel is '0', but must be a whole number from 1 to 100",
        "cluster: &a main\\jobs: { m: { file: /x.py, queue: *a } } | 1 | &a: anchors can't be used",
        "cluster: main\\jobs: { m: { file: *a } } | 2 | *a: aliases can't be used",
        "cluster: main\\---\\jobs: {} | 2 | a second document begins here",
        "cluster: main\\jobs: { m: { file: /x.py | 2 | this is not YAML",
        "'' | 1 | is '', but must be a mapping",
        "# nothing | 1 | this is empty",
        "[] | 1 | is a list, but must be a mapping"
      })
  void namesTheFaultAndItsLine(String text, int line, String words) {
    assertThat(faults(text.replace('\\', '\n')))
        .singleElement()
        .asString()
        .startsWith("nightly.yaml, line " + line + ": ")
        .contains(words)
        .doesNotContain("\n", "Exception");
  }

  @Test
  void namesACycle() {
    assertThat(
            faults(
                """
                cluster: main
                defaults: { file: /x.py }
                jobs:
                  start: { needs: [a] }
                  a: { needs: [b] }
                  b: { needs: [c] }
                  c: { needs: [a] }
                """))
        .singleElement()
        .asString()
        .isEqualTo(
            "nightly.yaml, line 5: jobs.a.needs goes round in a circle: a needs b needs c needs a");
  }

  @Test
  void namesAllFaultsAtOnceInTheOrderOfTheFile() {
    assertThat(
            faults(
                """
                schedule: { cron: "0 30 3 * * ?" }
                cluster: mian
                parallel: 0
                jobs:
                  m: { file: x.py, timeuot: 1h }
                  n: { file: /x.py, needs: [o], args: ["{dat}"] }
                """))
        .extracting(fault -> fault.replaceAll(".*line (\\d+).*", "$1"))
        .containsExactly("1", "2", "3", "5", "5", "6", "6");
  }

  @Test
  void aFaultOfDefaultsIsNamedOnceThoughManyJobsHaveItOrNone() {
    String broken =
        "cluster: main\ndefaults: { timeout: soon }\njobs: { a: { file: /x.py }, b: { file: /x.py } }";
    assertThat(faults(broken)).hasSize(1);
    assertThat(
            faults(
                "cluster: main\ndefaults: { timeout: soon }\njobs: { a: { file: /x.py, timeout: 1h } }"))
        .singleElement()
        .asString()
        .contains("line 2: defaults.timeout is 'soon'");
  }

  @ParameterizedTest
  @CsvSource({"two words", "1a", "''", "a_b", "ä"})
  void refusesAnOddName(String name) {
    assertThat(
            catchThrowableOfType(
                BrokenPipelineException.class, () -> PARSER.parse(name, "f.yaml", LEAST)))
        .hasMessageContaining("the name '" + name + "' is not allowed");
  }

  @Test
  void refusesWhatIsHuge() {
    assertThat(faults("#" + "x".repeat(PipelineParser.LONGEST)))
        .singleElement()
        .asString()
        .contains("longer than 1 MiB");
    assertThat(faults("a: " + "[".repeat(500_000))).singleElement().asString().contains("deep");
    assertThat(faults("a: " + "{a: ".repeat(200_000))).singleElement().asString().contains("deep");
  }

  @Test
  void offsetsAndMonthsAreDatesOfTheRun() {
    RunValues values =
        new RunValues(
            LocalDate.of(2026, 3, 1),
            List.of(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2)),
            "p/2026-03-01/2",
            4);
    assertThat(
            Placeholders.resolve(
                "{date} {date-1d} {date+3d} {month-start} {dates} {run} {job} {attempt} {{date}} {{{date}}}",
                "mart",
                values))
        .isEqualTo(
            "2026-03-01 2026-02-28 2026-03-04 2026-03-01 2026-03-01,2026-03-02 p/2026-03-01/2 mart 4 {date} {2026-03-01}");
    assertThat(Placeholders.resolve(Placeholders.escape("{date}}{"), "mart", values))
        .isEqualTo("{date}}{");
  }
}
