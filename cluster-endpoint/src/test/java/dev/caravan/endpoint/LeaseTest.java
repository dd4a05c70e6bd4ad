package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.endpoint.yarn.FakeResourceManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lease over HTTP. What follows from it is in {@link LeaseIT} and in the rule's own tests. */
@Tag("slow")
class LeaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static JsonNode lease(Client client) {
    return client.get("/lease").json();
  }

  private static Reply renew(Client client, String body) {
    return client.send("PUT", "/lease", body);
  }

  @Test
  void isLapsedUntilSomebodyRenewsIt() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();

      JsonNode before = lease(client);
      assertThat(before.path("lapsed").asBoolean()).isTrue();
      assertThat(before.path("run").isNull()).isTrue();
      assertThat(before.path("selfStop").path("armed").asBoolean()).isFalse();
      assertThat(before.path("applicationsKnown").asBoolean()).isFalse();

      Reply renewed = renew(client, "{\"run\":\"marts/2026-11-21/1\",\"ttlSeconds\":60}");
      assertThat(renewed.status()).isEqualTo(200);
      assertThat(renewed.json().path("lapsed").asBoolean()).isFalse();
      assertThat(lease(client).path("run").asText()).isEqualTo("marts/2026-11-21/1");
      assertThat(lease(client).path("ttlSeconds").asInt()).isEqualTo(60);
    }
  }

  @Test
  void lapsesAfterItsTime() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();
      renew(client, "{\"run\":\"r\",\"ttlSeconds\":1}");
      assertThat(lease(client).path("lapsed").asBoolean()).isFalse();

      await().atMost(PATIENCE).until(() -> lease(client).path("lapsed").asBoolean());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"run\":\"r\"}",
        "{\"ttlSeconds\":1}",
        "{\"run\":\"r\",\"ttlSeconds\":0}",
        "{\"run\":\"r\",\"ttlSeconds\":86401}",
        "{\"run\":\"r\",\"ttlSeconds\":1.5}",
        "{\"run\":\"r\",\"ttlSeconds\":\"60\"}",
        "{\"run\":\"\",\"ttlSeconds\":1}",
        "{\"run\":\"a b\",\"ttlSeconds\":1}",
        "{\"run\":7,\"ttlSeconds\":1}",
        "{\"run\":\"r\",\"ttlSeconds\":1,\"owner\":\"x\"}",
        "{\"run\":\"r\",\"run\":\"s\",\"ttlSeconds\":1}",
      })
  void refusesWhatIsNoLeaseAndKeepsTheOneItHas(String body) throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();
      renew(client, "{\"run\":\"kept\",\"ttlSeconds\":60}");

      Reply refused = renew(client, body);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.message()).startsWith("Rejected, Reason: ");
      assertThat(lease(client).path("run").asText()).isEqualTo("kept");
    }
  }

  @Test
  void outlivesARestartAndNoLongerThanItWould() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      renew(endpoint.client(), "{\"run\":\"r\",\"ttlSeconds\":600}");
    }
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      assertThat(lease(endpoint.client()).path("lapsed").asBoolean()).isFalse();
      renew(endpoint.client(), "{\"run\":\"r\",\"ttlSeconds\":1}");
    }
    await().atMost(PATIENCE).until(() -> restartedWithALapsedLease());
  }

  private boolean restartedWithALapsedLease() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      return lease(endpoint.client()).path("lapsed").asBoolean();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nonsense", "{\"run\":\"r\",\"ttlSeconds\":9,\"at\":\"never\"}"})
  void brokenFileIsNoLeaseAndKeepsNothingFromStarting(String text) throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/lease.json"), text);

    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      assertThat(lease(endpoint.client()).path("lapsed").asBoolean()).isTrue();
    }
  }

  @Test
  void tellsWhatRunsAndWhatIsNotOurs() throws Exception {
    try (FakeResourceManager yarn = new FakeResourceManager();
        TestEndpoint endpoint =
            TestEndpoint.start(
                directory,
                "endpoint.yarn-rm",
                yarn.address().toString(),
                "endpoint.lease-grace",
                "200ms")) {
      Client client = endpoint.client();
      String batch = client.submit("stay");
      client.awaitState(batch, "running");
      await().atMost(PATIENCE).until(() -> !endpoint.submit().starts().isEmpty());
      String start = endpoint.submit().starts().get(0);
      yarn.run("application_1_1", start.replaceAll(".*spark.yarn.tags=([^ ,]+).*", "$1"));
      yarn.run("application_1_2", "somebody-elses");

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                JsonNode lease = lease(client);
                assertThat(lease.path("applicationsKnown").asBoolean()).isTrue();
                assertThat(lease.path("batches")).hasSize(1);
                assertThat(lease.path("foreignApplications")).hasSize(1);
                JsonNode foreign = lease.path("foreignApplications").get(0);
                assertThat(foreign.path("id").asText()).isEqualTo("application_1_2");
                assertThat(foreign.path("user").asText()).isEqualTo("ann");
              });

      yarn.broken(true);
      await().atMost(PATIENCE).until(() -> !lease(client).path("applicationsKnown").asBoolean());
      assertThat(lease(client).path("foreignApplications")).isEmpty();
    }
  }

  @Test
  void whoMayOnlyReadMayNotRenew() throws Exception {
    Path credentials = directory.resolve("credentials.properties");
    Files.writeString(
        credentials, "bearer.watcher=t1\nrights.watcher=read\nbearer.orchestrator=t2\n");
    try (TestEndpoint endpoint =
        TestEndpoint.start(directory, "endpoint.credentials-file", credentials.toString())) {
      Client watcher = new Client(endpoint.port(), "Bearer t1");
      String body = "{\"run\":\"r\",\"ttlSeconds\":60}";

      assertThat(watcher.get("/lease").status()).isEqualTo(200);
      assertThat(renew(watcher, body).status()).isEqualTo(403);
      assertThat(renew(new Client(endpoint.port()), body).status()).isEqualTo(401);
      assertThat(renew(new Client(endpoint.port(), "Bearer t2"), body).status()).isEqualTo(200);
    }
  }
}
