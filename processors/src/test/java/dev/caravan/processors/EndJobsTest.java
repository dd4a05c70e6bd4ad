package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EndJobsTest {
  @RegisterExtension final Stage stage = new Stage();
  private EndJobs endJobs;
  private Run run;

  @BeforeEach
  void create() {
    endJobs = new EndJobs(stage.journal, stage.batches, new JobConfigs(List.of(Stage.job("mart"))));
    run = stage.claimAndName("mart");
    stage.journal.submitting(run, "mart", "key");
    stage.endpoint.answers(200, "{\"msg\":\"deleted\"}");
  }

  private List<String> killed() {
    return stage.events(run, RunEvent.Kind.JOB_KILLED);
  }

  @Test
  void batchThatMayBeAliveIsKilled() {
    stage.journal.submitted(run, "mart", 7);

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).containsExactly("DELETE /batches/7");
    assertThat(killed()).containsExactly("mart batch 7");
  }

  @Test
  void batchIsKilledDuringAShutdownToo() {
    stage.journal.submitted(run, "mart", 7);

    endJobs.process(stage.whileStopping());

    assertThat(killed()).containsExactly("mart batch 7");
  }

  @Test
  void batchThatHasEndedIsNotTouched() {
    stage.journal.submitted(run, "mart", 7);
    stage.journal.jobSucceeded(run, "mart", Optional.empty());
    stage.journal.submitting(run, "other", "key");
    stage.journal.jobFailed(run, "other", Optional.empty(), "exit code 1");

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).isEmpty();
  }

  @Test
  void batchWhoseNumberWasLostIsFoundByItsName() {
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                200,
                "application/json",
                "{\"from\":0,\"total\":3,\"sessions\":[%s,%s,%s]}"
                    .formatted(
                        Stage.batch(7, "dead", "mart-2026-11-21-1"),
                        Stage.batch(8, "running", "mart-2026-11-21-1"),
                        Stage.batch(9, "running", "mart-2026-11-20-1"))));

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).filteredOn(each -> each.startsWith("DELETE")).hasSize(1);
    assertThat(stage.requests()).endsWith("DELETE /batches/8");
    assertThat(killed()).containsExactly("mart batch 8");
  }

  @Test
  void killIsRepeatedUntilItIsConfirmed() {
    stage.journal.submitted(run, "mart", 7);
    AtomicInteger calls = new AtomicInteger();
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange, calls.incrementAndGet() < 3 ? 503 : 200, "application/json", "{}"));

    endJobs.process(stage.exchange);

    assertThat(calls).hasValue(3);
    assertThat(killed()).containsExactly("mart batch 7");
  }

  @Test
  void whatCannotBeKilledDoesNotKeepTheClusterFromBeingStopped() {
    stage.journal.submitted(run, "mart", 7);
    stage.endpoint.answers(503, "{\"msg\":\"still there\"}");

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).hasSize(5);
    assertThat(killed()).isEmpty();
  }

  @Test
  void shutdownHasTimeForOneTry() {
    stage.journal.submitted(run, "mart", 7);
    stage.endpoint.answers(503, "{\"msg\":\"still there\"}");

    endJobs.process(stage.whileStopping());

    assertThat(stage.requests()).hasSize(1);
  }

  @Test
  void refusalIsNotRepeated() {
    stage.journal.submitted(run, "mart", 7);
    stage.endpoint.answers(403, "{\"msg\":\"forbidden\"}");

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).hasSize(1);
    assertThat(killed()).isEmpty();
  }

  @Test
  void batchThatTheEndpointDoesNotKnowIsNotCalledKilled() {
    stage.journal.submitted(run, "mart", 7);
    stage.endpoint.answers(404, "{\"msg\":\"Session '7' not found.\"}");

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).hasSize(1);
    assertThat(killed()).isEmpty();
  }

  @Test
  void endpointThatIsGoneDoesNotKeepTheClusterFromBeingStopped() {
    stage.endpoint.close();

    endJobs.process(stage.exchange);

    assertThat(killed()).isEmpty();
  }

  @Test
  void nothingIsDoneWithoutARunOrAnEndpoint() {
    endJobs.process(stage.afterRestart());
    stage.claim();
    endJobs.process(stage.exchange);

    assertThat(stage.requests()).isEmpty();
  }
}
