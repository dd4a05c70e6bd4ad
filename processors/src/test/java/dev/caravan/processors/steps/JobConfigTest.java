package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.JobConfig;
import dev.caravan.processors.JobConfigs;
import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobConfigTest {
  private static final Run RUN = run(2);

  private static Run run(int attempt) {
    return new Run(
        "marts/2026-11-21/" + attempt,
        "marts",
        Stage.DATE,
        attempt,
        Optional.of("c9q1"),
        false,
        RunState.RUNNING,
        Optional.empty(),
        Stage.START,
        Optional.empty(),
        Optional.empty());
  }

  private static JobConfig job(List<String> args, Map<String, String> conf) {
    return new JobConfig(
        "mart",
        "s3a://lake/{job}.jar",
        "dev.example.Main",
        args,
        conf,
        Duration.ofHours(1),
        Duration.ofSeconds(5),
        1,
        Optional.of(
            new JobConfig.Output("s3://lake/mart/date={date}", 2, 3, 4, List.of("user_id"))),
        Optional.of("s3://lake/summaries/{run}/{job}-{attempt}.json"));
  }

  @Test
  void placeholdersStandForTheRunsValues() {
    BatchRequest request =
        job(
                List.of("--date={date}", "{run}:{job}:{attempt}", "{date}{date}", "{other}", ""),
                Map.of("spark.a", "{date}"))
            .request(RUN, 2);

    assertThat(request.file()).isEqualTo("s3a://lake/mart.jar");
    assertThat(request.className()).contains("dev.example.Main");
    assertThat(request.args())
        .containsExactly(
            "--date=2026-11-21",
            "marts/2026-11-21/2:mart:2",
            "2026-11-212026-11-21",
            "{other}",
            "");
    assertThat(request.conf()).containsExactly(Map.entry("spark.a", "{date}"));
  }

  @Test
  void contractAndSummaryAreOfTheRun() {
    JobConfig job = job(List.of(), Map.of());

    assertThat(job.contract(RUN, 2))
        .contains(
            new OutputContract(
                S3Location.of("s3://lake/mart/date=2026-11-21/"), 2, 3, 4, List.of("user_id")));
    assertThat(job.summary(RUN, 2))
        .contains(S3Location.of("s3://lake/summaries/marts/2026-11-21/2/mart-2.json"));
    assertThat(Stage.job("mart").contract(RUN, 2)).isEmpty();
    assertThat(Stage.job("mart").summary(RUN, 2)).isEmpty();
  }

  @Test
  void eachAttemptHasAnotherKeyWhichIsTheBatchsName() {
    JobConfig job = job(List.of(), Map.of());

    assertThat(job.batchKey(RUN, 1).value()).isEqualTo("marts/mart/2026-11-21/1");
    assertThat(job.batchKey(RUN, 2).value()).isEqualTo("marts/mart/2026-11-21/2");
    assertThat(job.request(RUN, 2).name()).contains(job.batchKey(RUN, 2).value());
  }

  @Test
  void equalRunsGiveEqualRequests() {
    assertThat(job(List.of("{run}"), Map.of("a", "1", "b", "2")).request(RUN, 2))
        .isEqualTo(job(List.of("{run}"), Map.of("b", "2", "a", "1")).request(RUN, 2));
  }

  @Test
  void cannotBeChangedFromOutside() {
    List<String> args = new ArrayList<>(List.of("a"));
    Map<String, String> conf = new HashMap<>(Map.of("k", "v"));
    JobConfig job = job(args, conf);
    args.clear();
    conf.clear();

    assertThat(job.args()).containsExactly("a");
    assertThat(job.conf()).containsEntry("k", "v");
  }

  @Test
  void unknownJobIsSaidWithTheKnownOnes() {
    JobConfigs jobs = new JobConfigs(List.of(Stage.job("a"), Stage.job("b")));

    assertThat(jobs.get("b").name()).isEqualTo("b");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> jobs.get("c"))
        .withMessage("No job 'c' is configured: caravan.jobs names [a, b].");
  }
}
