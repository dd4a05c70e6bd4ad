package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.caravan.cloud.livy.FakeSparkHome;
import dev.caravan.cloud.livy.LivyServer;
import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.batches.Deletion;
import dev.caravan.processors.batches.Health;
import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.BatchState;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The verbs and their client against a real Livy 0.7.1, traps included. */
class StockLivyIT {
  private static final Path HOME = Path.of("../local-cloud/livy/target/livy").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;
  private static FakeSparkHome spark;
  private static LivyServer livy;

  @RegisterExtension final Stage stage = new Stage();
  private Run run;

  @BeforeAll
  static void startLivy() throws Exception {
    spark = FakeSparkHome.create(directory.resolve("spark"));
    livy =
        LivyServer.start(
            HOME.normalize(),
            spark.home(),
            directory,
            Map.of(),
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
  }

  @AfterAll
  static void endLivy() {
    if (livy != null) {
      livy.close();
    }
  }

  /** A job of the pipeline whose spark-submit does these steps. */
  private static PipelineJob job(String name, String... steps) {
    return Stage.job(
        name, "file:" + directory.resolve("jobs.jar"), List.of(steps), List.of(), Optional.empty());
  }

  private void begin(String job, URI endpoint) {
    run = stage.claimAndName(job);
    stage.context().session().markReady(endpoint);
    stage.clusters.is(ClusterStatus.RUNNING);
  }

  private void submit(PipelineJob job) {
    stage.define(job);
    new SubmitJob(stage.journal, stage.clock).process(stage.exchange);
  }

  /** As the route does it: connections of before a restart fail once each. */
  private void submitWithRedelivery(PipelineJob job) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(RetryableException.class)
        .untilAsserted(() -> submit(job));
  }

  private boolean isFinished(PipelineJob job) {
    stage.define(job);
    new AwaitJob(stage.journal, stage.clusters, stage.clock).process(stage.exchange);
    return !stage.context().jobRunning();
  }

  private JobRun known(PipelineJob job) {
    return stage.journal.jobs().find(run, job.name()).orElseThrow();
  }

  private Batch batch(PipelineJob job) {
    return stage.batches.named(livy.uri(), job.batchKey(run, 1).value()).get(0);
  }

  private Batch awaitBatch(int id, Predicate<Batch> condition) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> stage.batches.get(livy.uri(), id).orElseThrow(), condition);
  }

  private int starts(PipelineJob job) throws IOException {
    String name = "--name " + job.batchKey(run, 1) + " ";
    return (int) spark.starts().stream().filter(start -> start.contains(name)).count();
  }

  /** Starts a batch of somebody else's. */
  private Batch strangersBatch(String name, String... steps) {
    String jar = "file:" + directory.resolve("jobs.jar");
    return stage.batches.submit(
        livy.uri(),
        BatchRequest.of(jar, "Any", name, List.of(steps), Map.of()),
        job("any").batchKey(run, 1));
  }

  @Test
  void isReadyWithoutHealthAndKnownForWhatItIs() {
    assertThat(stage.batches.health(livy.uri()))
        .isEqualTo(new Health(true, Optional.empty(), Optional.empty()));
    assertThat(stage.batches.isStockLivy(livy.uri())).isTrue();
    stage.claim();
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    stage.context().session().settleStart();
    MasterEndpoint here =
        new MasterEndpoint(
            stage.clusters,
            stage.clusterId,
            new EndpointConfig("http", Optional.of("127.0.0.1"), livy.uri().getPort(), PATIENCE));

    stage.use(here);
    new AwaitCluster(stage.journal, stage.clusters, stage.clock).process(stage.exchange);

    assertThat(stage.context().session().clusterReady()).isEqualTo(true);
    assertThat(stage.context().session().endpoint()).isEqualTo(livy.uri());
  }

  @Test
  void jobIsSubmittedAndAwaited() throws Exception {
    PipelineJob job = job("good", "print hello");
    begin("good", livy.uri());

    submit(job);
    await().atMost(PATIENCE).until(() -> isFinished(job));

    assertThat(known(job).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(spark.starts())
        .anyMatch(
            start ->
                start.contains("--name " + job.batchKey(run, 1) + " --class dev.example.Main")
                    && start.contains("--conf spark.a=1"));
    Batch batch = batch(job);
    assertThat(batch.state()).isEqualTo(BatchState.SUCCESS);
    assertThat(starts(job)).isEqualTo(1);
    assertThat(stage.batches.delete(livy.uri(), batch.id())).isEqualTo(Deletion.CONFIRMED);
    assertThat(stage.batches.get(livy.uri(), batch.id())).isEmpty();
    assertThat(stage.batches.delete(livy.uri(), batch.id())).isEqualTo(Deletion.UNKNOWN_BATCH);
  }

  @Test
  void deadJobFailsWithItsLastWord() {
    PipelineJob job =
        job("bad", "complain caravan-spark-jobs: no events from 2026-11-15 on", "exit 66");
    begin("bad", livy.uri());
    submit(job);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatExceptionOfType(FatalException.class)
                    .isThrownBy(() -> isFinished(job))
                    .withMessage(
                        "Job bad failed: batch %d ended dead: no events from 2026-11-15 on",
                        known(job).batchId().orElseThrow()));
    assertThat(known(job).state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void programThatCannotBeStartedIsSaid() throws Exception {
    PipelineJob job = job("programless", "print never");
    begin("programless", livy.uri());
    Path hidden = directory.resolve("hidden");
    Files.move(spark.sparkSubmit(), hidden);
    try {
      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> submit(job))
          .withMessageContaining("answered 500")
          .withMessageContaining("IOException: Cannot run program \"" + spark.sparkSubmit());
    } finally {
      Files.move(hidden, spark.sparkSubmit());
    }
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submit(job))
        .withMessageContaining("could not start job programless");
    assertThat(starts(job)).isZero();
  }

  @Test
  void onlyTheLastLinesOfALogAreThereAndThatIsSaid() {
    PipelineJob job = job("long", "lines 1000");
    begin("long", livy.uri());
    submit(job);
    int id = known(job).batchId().orElseThrow();
    awaitBatch(id, Batch::isFinished);

    LogPage end = stage.batches.log(livy.uri(), id, -1, 3).orElseThrow();
    assertThat(end).isEqualTo(new LogPage(199, 202, List.of("999", "1000", "\nstderr: ")));
    LogPage begin = stage.batches.log(livy.uri(), id, 0, 2).orElseThrow();
    assertThat(begin).isEqualTo(new LogPage(0, 202, List.of("stdout: ", "801")));
    assertThat(stage.batches.log(livy.uri(), id, 500, 10).orElseThrow().lines()).isEmpty();
    assertThat(LastLines.of(stage.batches, livy.uri(), awaitBatch(id, Batch::isFinished)))
        .hasSize(100)
        .endsWith("1000", "\nstderr: ");
    assertThat(stage.batches.log(livy.uri(), 99_999, 0, 10)).isEmpty();
  }

  @Test
  void answerThatWasLostOnTheWayIsMadeGoodByTheName() throws Exception {
    Path end = directory.resolve("end-of-lost");
    PipelineJob job = job("lost", "await " + end);
    begin("lost", stage.endpoint.uri());
    stage.endpoint.answers(this::forward);

    assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> submit(job));
    assertThat(known(job).batchId()).isEmpty();
    submit(job);
    stage.afterRestart();
    begin("lost", livy.uri());
    submit(job);
    submit(job);

    assertThat(known(job).batchId()).contains(batch(job).id());
    Files.createFile(end);
    await().atMost(PATIENCE).until(() -> isFinished(job));
    assertThat(starts(job)).isEqualTo(1);
  }

  @Test
  void batchWhoseNumberWasNeverHeardIsEndedBeforeTheClusterStops() {
    PipelineJob job = job("unheard", "await " + directory.resolve("never"));
    begin("unheard", stage.endpoint.uri());
    stage.endpoint.answers(this::forward);
    assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> submit(job));
    int id = batch(job).id();

    endJobs();

    assertThat(stage.events(run, RunEvent.Kind.JOB_KILLED)).containsExactly("unheard batch " + id);
    assertThat(stage.batches.get(livy.uri(), id)).isEmpty();
  }

  /** Hands a request on to Livy; the answer to a submission is dropped on its way back. */
  private void forward(HttpExchange exchange) throws IOException {
    List<ScriptedEndpoint.Request> requests = stage.endpoint.requests();
    ScriptedEndpoint.Request request = requests.get(requests.size() - 1);
    HttpRequest onward =
        HttpRequest.newBuilder(livy.uri().resolve(request.uri()))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(onward, HttpResponse.BodyHandlers.ofString());
      if (!request.method().equals("POST")) {
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        ScriptedEndpoint.reply(exchange, answer.statusCode(), type, answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void jobIsKilledAtItsDeadline() throws Exception {
    PipelineJob job = job("slow", "await " + directory.resolve("never"));
    begin("slow", livy.uri());
    submit(job);
    int id = known(job).batchId().orElseThrow();
    awaitBatch(id, batch -> batch.state() == BatchState.RUNNING);
    assertThat(isFinished(job)).isFalse();
    stage.clock.pass(Duration.ofHours(2));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> isFinished(job))
        .withMessageContaining("did not end within 1h and its batch %d was killed", id);
    assertThat(stage.batches.get(livy.uri(), id)).isEmpty();
  }

  @Test
  void killThatLivyDoesNotAnswerInTimeIsAskedForAgain() throws Exception {
    // A child that holds the output's pipe keeps Livy's DELETE waiting for it.
    PipelineJob job = job("stubborn", "ignore-term", "sleep 6");
    begin("stubborn", livy.uri());
    submit(job);
    int id = known(job).batchId().orElseThrow();
    assertThat(isFinished(job)).isFalse();
    stage.clock.pass(Duration.ofHours(2));

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> isFinished(job))
        .withMessageContaining("DELETE /batches/" + id);
    assertThat(known(job).state()).isEqualTo(JobState.SUBMITTED);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(RetryableException.class)
        .untilAsserted(
            () ->
                assertThatExceptionOfType(FatalException.class)
                    .isThrownBy(() -> isFinished(job))
                    .withMessageContaining("did not end within 1h"));
    assertThat(known(job).state()).isEqualTo(JobState.FAILED);
    assertThat(stage.batches.get(livy.uri(), id)).isEmpty();
  }

  @Test
  void nameThatAStrangerHasIsOneClearSentence() {
    PipelineJob job = job("taken", "print never");
    begin("taken", livy.uri());
    Batch stranger = strangersBatch(job.batchKey(run, 1).value(), "print mine");
    awaitBatch(stranger.id(), Batch::isFinished);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submit(job))
        .withMessageContaining("already has a batch named '" + job.batchKey(run, 1) + "'");
    endJobs();
    assertThat(stage.batches.get(livy.uri(), stranger.id())).isPresent();
  }

  private void endJobs() {
    new EndJobs(stage.journal, stage.clusters).process(stage.exchange);
  }

  @Test
  void refusalIsToldInLivysWordsAndItsRemainsAreCleared() {
    PipelineJob job = job("refused");
    PipelineJob outside =
        Stage.job(
            job.name(), "file:/outside.jar", job.program().args(), List.of(), Optional.empty());
    begin("refused", livy.uri());

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submit(outside))
        .withMessageContaining("answered 400")
        .withMessageContaining("Local path /outside.jar cannot be added to user sessions");
    assertThat(batch(job).log()).isEmpty();
    // The same submission again, as if that answer had been lost: what is there never begins.
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> submit(outside))
        .withMessageContaining("that has not begun");
    endJobs();
    assertThat(stage.batches.named(livy.uri(), job.batchKey(run, 1).value())).isEmpty();
  }

  @Test
  void restartGivesOurNumberToAStranger() throws Exception {
    PipelineJob job = job("orphan", "await " + directory.resolve("never"));
    livy.kill();
    livy.restart();
    begin("orphan", livy.uri());
    submitWithRedelivery(job);
    assertThat(known(job).batchId()).contains(0);
    assertThat(isFinished(job)).isFalse();

    livy.kill();
    assertThat(isFinished(job)).isFalse();
    assertThat(known(job).state()).isEqualTo(JobState.SUBMITTED);
    livy.restart();
    Batch stranger = strangersBatch("stranger", "print done");
    assertThat(stranger.id()).isZero();
    awaitBatch(0, batch -> batch.state() == BatchState.SUCCESS);

    endJobs();
    assertThat(stage.events(run, RunEvent.Kind.JOB_KILLED)).isEmpty();
    assertThat(stage.batches.get(livy.uri(), 0)).isPresent();
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> submit(job))
        .withMessageContaining("has forgotten its batch 0");
    assertThat(starts(job)).isEqualTo(1);
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> isFinished(job))
        .withMessageContaining("Job orphan is lost")
        .withMessageContaining("named stranger");
    assertThat(known(job).state()).isEqualTo(JobState.FAILED);
  }
}
