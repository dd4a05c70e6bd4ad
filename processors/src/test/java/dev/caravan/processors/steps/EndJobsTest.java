package dev.caravan.processors.steps;

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
    endJobs = new EndJobs(stage.journal, stage.clusters);
    run = stage.claimAndName("mart");
    stage.journal.jobs().submitting(run, "mart", attempt -> "p/mart/1");
    deletionAnswers(200, "{\"msg\":\"deleted\"}");
  }

  private void deletionAnswers(int status, String body) {
    stage.endpoint.answers(
        exchange -> {
          boolean deletion = exchange.getRequestMethod().equals("DELETE");
          ScriptedEndpoint.reply(
              exchange,
              deletion ? status : 200,
              "application/json",
              deletion ? body : Stage.batch(7, "running", "p/mart/1"));
        });
  }

  private List<String> deletions() {
    return stage.requests().stream().filter(each -> each.startsWith("DELETE")).toList();
  }

  private List<String> killed() {
    return stage.events(run, RunEvent.Kind.JOB_KILLED);
  }

  @Test
  void batchThatMayBeAliveIsKilled() {
    stage.journal.jobs().submitted(run, "mart", 7);

    endJobs.process(stage.exchange);

    assertThat(deletions()).containsExactly("DELETE /batches/7");
    assertThat(killed()).containsExactly("mart batch 7");
  }

  @Test
  void batchIsKilledDuringAShutdownToo() {
    stage.journal.jobs().submitted(run, "mart", 7);

    endJobs.process(stage.whileStopping());

    assertThat(killed()).containsExactly("mart batch 7");
  }

  @Test
  void batchThatHasEndedIsNotTouched() {
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.journal.jobs().succeeded(run, "mart", Optional.empty());
    stage.journal.jobs().submitting(run, "other", attempt -> "key");
    stage.journal.jobs().failed(run, "other", Optional.empty(), "exit code 1");

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
                exchange.getRequestURI().getPath().equals("/batches")
                    ? "{\"from\":0,\"total\":3,\"sessions\":[%s,%s,%s]}"
                        .formatted(
                            Stage.batch(7, "dead", "p/mart/1"),
                            Stage.batch(8, "running", "p/mart/1"),
                            Stage.batch(9, "running", "p/mart/2"))
                    : Stage.batch(8, "running", "p/mart/1")));

    endJobs.process(stage.exchange);

    assertThat(deletions()).containsExactly("DELETE /batches/8");
    assertThat(killed()).containsExactly("mart batch 8");
  }

  @Test
  void killIsRepeatedUntilItIsConfirmed() {
    stage.journal.jobs().submitted(run, "mart", 7);
    AtomicInteger calls = new AtomicInteger();
    stage.endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                calls.incrementAndGet() < 3 ? 503 : 200,
                "application/json",
                Stage.batch(7, "running", "p/mart/1")));

    endJobs.process(stage.exchange);

    assertThat(calls).hasValue(4);
    assertThat(killed()).containsExactly("mart batch 7");
  }

  @Test
  void whatCannotBeKilledDoesNotKeepTheClusterFromBeingStopped() {
    stage.journal.jobs().submitted(run, "mart", 7);
    deletionAnswers(503, "{\"msg\":\"still there\"}");

    endJobs.process(stage.exchange);

    assertThat(deletions()).hasSize(5);
    assertThat(killed()).isEmpty();
  }

  @Test
  void shutdownHasTimeForOneTry() {
    stage.journal.jobs().submitted(run, "mart", 7);
    deletionAnswers(503, "{\"msg\":\"still there\"}");

    endJobs.process(stage.whileStopping());

    assertThat(deletions()).hasSize(1);
  }

  @Test
  void refusalIsNotRepeated() {
    stage.journal.jobs().submitted(run, "mart", 7);
    deletionAnswers(403, "{\"msg\":\"forbidden\"}");

    endJobs.process(stage.exchange);

    assertThat(deletions()).hasSize(1);
    assertThat(killed()).isEmpty();
  }

  @Test
  void batchThatTheEndpointDoesNotKnowIsNotCalledKilled() {
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.endpoint.answers(404, "{\"msg\":\"Session '7' not found.\"}");

    endJobs.process(stage.exchange);

    assertThat(stage.requests()).hasSize(1);
    assertThat(killed()).isEmpty();
  }

  @Test
  void strangerUnderOurNumberIsNotKilled() {
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.endpoint.answers(200, Stage.batch(7, "running", "somebody-elses"));

    endJobs.process(stage.exchange);

    assertThat(deletions()).isEmpty();
    assertThat(killed()).isEmpty();
  }

  @Test
  void batchThatIsGoneAfterAnUnansweredDeletionIsSaidToBe() {
    stage.journal.jobs().submitted(run, "mart", 7);
    stage.endpoint.answers(
        exchange -> {
          if (!deletions().isEmpty() && exchange.getRequestMethod().equals("GET")) {
            ScriptedEndpoint.reply(
                exchange, 404, "application/json", "{\"msg\":\"Session '7' not found.\"}");
          } else if (exchange.getRequestMethod().equals("GET")) {
            ScriptedEndpoint.reply(
                exchange, 200, "application/json", Stage.batch(7, "running", "p/mart/1"));
          }
        });

    endJobs.process(stage.exchange);

    assertThat(killed())
        .containsExactly("mart batch 7 (told to end, and gone from the endpoint since)");
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
