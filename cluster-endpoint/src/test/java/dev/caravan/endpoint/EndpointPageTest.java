package dev.caravan.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser sees of the endpoint, and that nobody else does. */
@Tag("slow")
class EndpointPageTest {
  /** As a browser sends it. */
  private static final String[] BROWSER = {
    "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
  };

  private static final String HOSTILE = "<script>alert(1)</script> \\u001b[31mred\\u001b[0m";

  @TempDir Path directory;

  private static Reply page(Client client, String path) {
    Reply reply = client.send("GET", path, "", BROWSER);
    assertThat(reply.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(reply.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(reply.header("Vary")).isEqualTo("Accept");
    return reply;
  }

  @Test
  void listsBatchesAndShowsOneWithItsLog() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();
      assertThat(page(client, "/").response().body()).contains("No batch has been submitted");
      Reply submitted =
          client.post(
              "{\"file\":\"s3a://code/job.jar\",\"name\":\"nightly\",\"args\":[\"print %s\",\"lines 1200\",\"exit 3\"]}"
                  .formatted(HOSTILE));
      assertThat(submitted.status()).as(submitted.response().body()).isEqualTo(201);
      String id = submitted.id();
      client.awaitState(id, "dead");

      String list = page(client, "/").response().body();
      assertThat(list)
          .contains("<a href=\"/batches/" + id + "\">", "nightly", "dead")
          .doesNotContain("http-equiv");

      String last = page(client, "/batches/" + id).response().body();
      assertThat(last)
          .contains("it ended with exit code 3", "<pre>1200</pre>", "Earlier lines")
          .doesNotContain("<pre>2</pre>", "Later lines", "<script");
      String first = page(client, "/batches/" + id + "?from=0").response().body();
      assertThat(first)
          .contains(
              "<pre>&lt;script&gt;alert(1)&lt;/script&gt; red</pre>", "<pre>2</pre>", "Later lines")
          .doesNotContain("<pre>1200</pre>", "<script", "\u001b");
    }
  }

  @Test
  void aPageOnWhichSomethingRunsIsLoadedAnew() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();
      String id = client.submit("stay");
      client.awaitState(id, "running");

      assertThat(page(client, "/").response().body()).contains("http-equiv=\"refresh\"");
      assertThat(page(client, "/batches/" + id).response().body()).contains("http-equiv");
    }
  }

  @Test
  void clientsOfTheProtocolGetItsJson() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      Client client = endpoint.client();
      String id = client.submit("exit 0");
      for (String accepted : new String[] {"*/*", "application/json", "application/json, */*"}) {
        Reply home = client.send("GET", "/", "", "Accept", accepted);
        assertThat(home.json().path("msg").asText()).isEqualTo("caravan-cluster-endpoint");
        Reply batch = client.send("GET", "/batches/" + id, "", "Accept", accepted);
        assertThat(batch.json().path("id").asText()).isEqualTo(id);
      }
    }
  }

  @Test
  void styleAndIconAreTheOnlyFiles() throws Exception {
    Path credentials = directory.resolve("credentials.properties");
    Files.writeString(credentials, "basic.ann=secret\nrights.ann=read\n");
    try (TestEndpoint endpoint =
        TestEndpoint.start(directory, "endpoint.credentials-file", credentials.toString())) {
      // What a browser sends once it has asked for them.
      String basic = Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8));
      Client client = new Client(endpoint.port(), "Basic " + basic);
      page(client, "/");
      assertThat(client.get("/page.css").response().body()).contains("--back:");
      assertThat(client.get("/icon.svg").header("Content-Type")).isEqualTo("image/svg+xml");
      assertThat(client.get("/page.js").status()).isEqualTo(404);
      assertThat(client.get("/application.properties").status()).isEqualTo(404);

      Reply stranger = new Client(endpoint.port()).send("GET", "/", "", BROWSER);
      assertThat(stranger.status()).isEqualTo(401);
      assertThat(stranger.header("WWW-Authenticate")).startsWith("Basic");
    }
  }

  @Test
  void unknownBatchIsNoPage() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      assertThat(endpoint.client().send("GET", "/batches/7", "", BROWSER).status()).isEqualTo(404);
    }
  }
}
