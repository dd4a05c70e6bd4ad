package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.batches.ScriptedEndpoint;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RenewLeaseTest {
  private static final String LEASE = "{\"lapsed\":false,\"foreignApplications\":[]}";

  @RegisterExtension final Stage stage = new Stage();
  private RenewLease renewLease;
  private Run run;

  @BeforeEach
  void create() {
    renewLease = new RenewLease(stage.journal, Duration.ofMinutes(5), stage.clock);
    run = stage.claimAndName("mart");
    stage.endpoint.answers(200, LEASE);
  }

  private void renew() {
    renewLease.process(stage.exchange);
  }

  @Test
  void isRenewedEveryThirdOfItsLife() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    renew();
    renew();
    assertThat(stage.requests()).containsExactly("PUT /lease");
    assertThat(stage.endpoint.requests().get(0).body())
        .contains("\"ttlSeconds\":300")
        .contains("\"run\":\"" + run.id() + "\"");

    stage.clock.pass(Duration.ofSeconds(99));
    renew();
    assertThat(stage.requests()).hasSize(1);
    stage.clock.pass(Duration.ofSeconds(1));
    renew();
    assertThat(stage.requests()).hasSize(2);
  }

  @Test
  void noStepOfTheDateKeepsARenewalBack() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    renew();
    stage.clock.step(Duration.ofMinutes(-90));
    stage.clock.pass(Duration.ofSeconds(100));
    renew();

    assertThat(stage.requests()).hasSize(2);
  }

  @Test
  void clusterThatIsNotOursIsNotLeased() {
    stage.journal.sessions().open(run, stage.clusterId, false);

    renew();

    assertThat(stage.requests()).isEmpty();
  }

  /** As while a further date waits for whoever else has it. */
  @Test
  void isRenewedBetweenTwoRunsInTheNameOfTheLast() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.journal.runs().end(run, RunState.SUCCEEDED, Optional.empty());
    stage.context().session().request(stage.pipeline, List.of(Stage.DATE.plusDays(1)), false);
    RunContext.next(stage.exchange);

    renew();
    stage.clock.pass(Duration.ofSeconds(100));
    renew();

    assertThat(stage.requests()).containsExactly("PUT /lease", "PUT /lease");
    assertThat(stage.endpoint.requests().get(1).body()).contains("\"run\":\"" + run.id() + "\"");
  }

  @Test
  void beforeTheFirstClaimNothingIsRenewed() {
    stage.afterRestart();

    renew();

    assertThat(stage.requests()).isEmpty();
  }

  @Test
  void clusterWhoseEndpointIsNotKnownYetIsNotLeased() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.afterRestart();
    stage.context().claimed(run);

    renew();

    assertThat(stage.requests()).isEmpty();
  }

  @Test
  void failureIsNoFailureOfTheRunAndIsTriedAtTheNextCall() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.endpoint.answers(500, "{\"msg\":\"disk full\"}");
    renew();
    stage.endpoint.answers(200, LEASE);
    int before = stage.requests().size();

    renew();

    assertThat(stage.requests()).hasSize(before + 1);
  }

  @Test
  void serverThatKeepsNoLeaseIsNoFailure() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.endpoint.answers(
        exchange -> ScriptedEndpoint.reply(exchange, 404, "text/html", "<html>"));

    renew();

    assertThat(stage.requests()).isEqualTo(List.of("PUT /lease"));
  }
}
