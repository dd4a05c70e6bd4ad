package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.processors.journal.RunEvent.Kind;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.yandex.YandexClusters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster.Status;

/** People hear of a failure and of the recovery, whoever ran it. */
class NotificationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String SECRET = "/hooks/T0secretB0";

  @TempDir Path directory;
  private LocalWorld world;
  private HttpReceiver people;

  @BeforeEach
  void create() throws Exception {
    world = LocalWorld.create(directory);
    people = HttpReceiver.start();
    Path url = Files.writeString(directory.resolve("chat-url"), people.url(SECRET));
    world
        .set("caravan.notify.chat.kind", "chat")
        .set("caravan.notify.chat.url-file", url.toString())
        .set("caravan.notify.chat.kinds", "run-failed");
  }

  @AfterEach
  void end() {
    world.close();
    people.close();
  }

  private List<String> chat() {
    return people.received(SECRET).stream().map(HttpReceiver.Received::body).toList();
  }

  private List<String> pings() {
    return people.received("/ping").stream().map(HttpReceiver.Received::path).toList();
  }

  /** A date that fails, then is repaired over the API's queue by another process. */
  @Test
  void serverTellsAFailureOnceAndItsRecovery() throws Exception {
    LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    // Its only slot is at New Year: a schedule of seconds would run the failed date again by
    // itself.
    world
        .schedule("cron", "0 0 1 1 *")
        .set("caravan.ping.datamarts", people.url("/ping"))
        .job("mart", "exit 3");
    ChildProcess serving = world.start("serve");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("server.json")));
    ChildProcess asked = world.start("run", "--date", yesterday.toString(), "--detach");
    assertThat(asked.exitCode(PATIENCE)).as(asked.log()).contains(0);
    Awaitility.await().atMost(PATIENCE).until(() -> chat().size() == 1);
    assertThat(chat().get(0))
        .contains(
            "datamarts " + yesterday + " failed", "caravan show datamarts/" + yesterday + "/1");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> pings().equals(List.of("/ping/start", "/ping/fail")));
    world.events.await(
        serving,
        PATIENCE,
        "the failure",
        event -> event.is(Kind.ALARM_RAISED.name(), "RUN_FAILED datamarts/" + yesterday));
    ProcessHandle.of(serving.pid()).orElseThrow().destroy();
    assertThat(serving.exitCode(PATIENCE)).isPresent();
    assertThat(serving.log()).doesNotContain("T0secretB0");

    world.job("mart", "exit 0");
    ChildProcess repair = world.start("run", "--only-failed", "--date", yesterday.toString());
    assertThat(repair.exitCode(PATIENCE)).as(repair.log()).contains(0);

    assertThat(chat()).as("the command delivers before it ends").hasSize(2);
    assertThat(chat().get(1)).contains("Recovered: datamarts " + yesterday + " has succeeded");
    assertThat(pings()).containsExactly("/ping/start", "/ping/fail", "/ping/start", "/ping");
  }

  @Test
  void backfillIsOneMessageAndATargetThatIsDownFailsNothing() throws Exception {
    people.answerNext(503, Map.of(), "down");
    world.job("mart", "exit 3");
    String from = "2026-01-02";
    ChildProcess first = world.start("backfill", "--from", from, "--to", "2026-01-03");
    assertThat(first.exitCode(PATIENCE)).as(first.log()).contains(1);
    assertThat(chat()).hasSize(1);
    assertThat(chat().get(0)).contains("2 dates failed", from, "2026-01-03");
    assertThat(first.log())
        .contains("is tried again: it answered 503")
        .doesNotContain("T0secretB0");

    world.job("mart", "exit 0");
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(3))
        .until(
            () -> {
              ChildProcess later = world.start("run", "--date", "2026-01-04");
              assertThat(later.exitCode(PATIENCE)).contains(0);
              return chat().size() > 1;
            });
    assertThat(chat()).as("survived the process, and came again").hasSize(2);
    assertThat(chat().get(1)).isEqualTo(chat().get(0));
  }

  /** Nobody's run needs it, so that nobody but the person who started it would stop it. */
  @Test
  void clusterThatSomebodyStartedByHandIsToldOnceAndThatItIsStopped() throws Exception {
    world
        .schedule("cron", "0 0 1 1 *")
        .set("caravan.notify.chat.kinds", "running-unused")
        .set("caravan.cluster.main.unused-alarm", "1s")
        .set("caravan.reconcile.every", "200ms");
    ChildProcess serving = world.start("serve");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("server.json")));

    try (Clusters person = YandexClusters.connect(world.settings().yandex(), Clock.systemUTC())) {
      person.start(LocalWorld.CLUSTER);
      Awaitility.await().atMost(PATIENCE).until(() -> !chat().isEmpty());
      assertThat(chat().get(0))
          .contains("Cluster c9qworld is up, and nobody uses it", "seen up since");
      // It is told while the cluster still starts, too, and left to the person.
      Awaitility.await().atMost(PATIENCE).until(() -> world.cloud.status() == Status.RUNNING);
      assertThat(world.stops()).as("it is left to the person").isZero();
      person.stop(LocalWorld.CLUSTER);
      Awaitility.await().atMost(PATIENCE).until(() -> chat().size() > 1);
    }
    assertThat(chat()).hasSize(2);
    assertThat(chat().get(1)).contains("Over: cluster c9qworld is used, or stopped");
    world.events.await(
        serving,
        PATIENCE,
        "the end of the alarm",
        event -> event.is(Kind.ALARM_CLEARED.name(), "RUNNING_UNUSED c9qworld"));
    assertThat(world.starts()).as("Caravan itself started nothing").isEqualTo(1);
  }
}
