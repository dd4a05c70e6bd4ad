package dev.caravan.processors.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.SharedApplication;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.batches.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineJobTest {
  private static final IdempotencyKey KEY = new IdempotencyKey("key");
  private static final LocalDate DATE = LocalDate.of(2026, 11, 21);
  private static final Run RUN =
      TestRuns.running("marts", DATE, 2, "c9q1", Instant.parse("2026-11-22T03:00:00Z"));

  private static PipelineJob job(List<String> args, Map<String, String> conf) {
    return new PipelineJob(
        "mart",
        List.of(),
        new SparkProgram(
            "s3a://lake/{job}.jar",
            Optional.of("dev.example.Main"),
            args,
            List.of("s3a://lake/{date}.zip"),
            List.of("s3a://lake/{date}.jar"),
            List.of("s3a://lake/{date}.txt"),
            List.of("s3a://lake/{date}.tgz"),
            conf,
            new SparkSizes(
                Optional.of("adhoc"),
                Optional.of("1g"),
                Optional.of(2),
                Optional.of("3g"),
                Optional.of(4),
                Optional.of(5))),
        new JobPolicy(Duration.ofHours(1), Duration.ofSeconds(5), 1, Set.of(), Duration.ZERO, 1),
        List.of(
            new PromisedOutput(
                "s3://lake/mart/date={date}", 2, 3, 4, Optional.empty(), List.of("user_id")),
            new PromisedOutput("s3://lake/b/{job}", 1, 0, 0, Optional.empty(), List.of())),
        Optional.of("s3://lake/summaries/{run}/{job}-{attempt}.json"));
  }

  @Test
  void placeholdersStandForTheRunsValuesInEveryText() {
    BatchRequest request =
        job(
                List.of("--date={date}", "{run}:{job}:{attempt}", "{date}{date-1d}", "{{a}}", ""),
                Map.of("spark.a", "{date}"))
            .request(RunValues.of(RUN, 2), KEY);

    assertThat(request.file()).isEqualTo("s3a://lake/mart.jar");
    assertThat(request.className()).contains("dev.example.Main");
    assertThat(request.args())
        .containsExactly(
            "--date=2026-11-21", "marts/2026-11-21/2:mart:2", "2026-11-212026-11-20", "{a}", "");
    assertThat(request.pyFiles()).containsExactly("s3a://lake/2026-11-21.zip");
    assertThat(request.jars()).containsExactly("s3a://lake/2026-11-21.jar");
    assertThat(request.files()).containsExactly("s3a://lake/2026-11-21.txt");
    assertThat(request.archives()).containsExactly("s3a://lake/2026-11-21.tgz");
    assertThat(request.conf()).containsExactly(Map.entry("spark.a", "2026-11-21"));
  }

  @Test
  void sizesAreAskedFor() {
    BatchRequest request = job(List.of(), Map.of()).request(RunValues.of(RUN, 1), KEY);

    assertThat(request.queue()).contains("adhoc");
    assertThat(request.driverMemory()).contains("1g");
    assertThat(request.driverCores()).contains(2);
    assertThat(request.executorMemory()).contains("3g");
    assertThat(request.executorCores()).contains(4);
    assertThat(request.numExecutors()).contains(5);
  }

  @Test
  void severalDatesAreOneRequestUnderTheGivenKey() {
    BatchRequest request =
        job(List.of("{dates}", "{date}"), Map.of())
            .request(
                RunValues.of(
                    new SharedApplication(
                        "marts/mart/2026-11-21/b1",
                        RUN.id(),
                        1,
                        List.of(DATE, DATE.plusDays(1)),
                        Instant.EPOCH)),
                new IdempotencyKey("marts/mart/2026-11-21/b1"));

    assertThat(request.name()).contains("marts/mart/2026-11-21/b1");
    assertThat(request.args()).containsExactly("2026-11-21,2026-11-22", "2026-11-21");
  }

  @Test
  void contractsAndSummaryAreOfTheRun() {
    PipelineJob job = job(List.of(), Map.of());

    assertThat(job.contracts(RunValues.of(RUN, 2), DATE))
        .containsExactly(
            new OutputContract(
                S3Location.of("s3://lake/mart/date=2026-11-21/"), 2, 3, 4, List.of("user_id")),
            new OutputContract(S3Location.of("s3://lake/b/mart/"), 1, 0, 0, List.of()));
    assertThat(job.summary(RunValues.of(RUN, 2)))
        .contains(S3Location.of("s3://lake/summaries/marts/2026-11-21/2/mart-2.json"));
  }

  @Test
  void eachAttemptHasAnotherKeyWhichIsTheBatchsName() {
    PipelineJob job = job(List.of(), Map.of());

    assertThat(job.batchKey(RUN, 1).value()).isEqualTo("marts/mart/2026-11-21/1");
    assertThat(job.batchKey(RUN, 2).value()).isEqualTo("marts/mart/2026-11-21/2");
    assertThat(job.request(RunValues.of(RUN, 2), job.batchKey(RUN, 2)).name())
        .contains(job.batchKey(RUN, 2).value());
  }

  @Test
  void equalRunsGiveEqualRequests() {
    assertThat(job(List.of("{run}"), Map.of("a", "1", "b", "2")).request(RunValues.of(RUN, 2), KEY))
        .isEqualTo(
            job(List.of("{run}"), Map.of("b", "2", "a", "1")).request(RunValues.of(RUN, 2), KEY));
  }

  @Test
  void cannotBeChangedFromOutside() {
    List<String> args = new ArrayList<>(List.of("a"));
    Map<String, String> conf = new HashMap<>(Map.of("k", "v"));
    PipelineJob job = job(args, conf);
    args.clear();
    conf.clear();

    assertThat(job.program().args()).containsExactly("a");
    assertThat(job.program().conf()).containsEntry("k", "v");
  }

  @Test
  void unknownJobIsSaidWithTheKnownOnes() {
    Pipeline pipeline =
        new Pipeline(
            "marts",
            Optional.empty(),
            "main",
            1,
            Optional.empty(),
            List.of(job(List.of(), Map.of())),
            "");

    assertThat(pipeline.job("mart").name()).isEqualTo("mart");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> pipeline.job("c"))
        .withMessage("Pipeline marts has no job 'c'; it has [mart].");
  }
}
