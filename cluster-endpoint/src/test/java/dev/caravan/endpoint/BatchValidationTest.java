package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The question whether a batch would be taken, over HTTP. */
class BatchValidationTest {
  @TempDir Path directory;
  private Path jobs;
  private TestEndpoint endpoint;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    jobs = Files.createDirectories(directory.resolve("jobs"));
    endpoint =
        TestEndpoint.start(
            directory,
            "endpoint.allowed-files",
            "s3a://code/,hdfs:///code/,local:" + jobs + "/,file:" + jobs + "/");
    client = endpoint.client();
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(endpoint.submit().starts()).as("nothing was started").isEmpty();
    assertThat(client.get("/batches").json().get("total").asInt()).isZero();
    endpoint.close();
  }

  private Reply validate(Map<String, ?> body) throws IOException {
    return client.send("POST", "/batches/validate", new ObjectMapper().writeValueAsString(body));
  }

  @Test
  void filesThatShouldBeOnTheHostAndAreNotAreNamed() throws IOException {
    String there = Files.writeString(jobs.resolve("there.jar"), "").toString();
    String away = jobs.resolve("away.jar").toString();

    Reply reply =
        validate(
            Map.of(
                "file", "local:" + there,
                "jars", List.of("local:" + away, "file:" + there, "s3a://code/unseen.jar"),
                "pyFiles", List.of(there, away, "hdfs:///code/unseen.py"),
                "files", List.of("file://" + away + "#alias", "local:" + there + "#alias"),
                "archives", List.of("local:" + away + "#alias")));

    assertThat(reply.status()).isEqualTo(200);
    List<String> missing = new ArrayList<>();
    for (JsonNode each : reply.json().get("missing")) {
      missing.add(each.asText());
    }
    assertThat(missing)
        .containsExactly(
            "local:" + away, away, "file://" + away + "#alias", "local:" + away + "#alias");
  }

  @Test
  void whatASubmissionIsRefusedForIsRefusedInTheSameWords() throws IOException {
    for (Map<String, ?> bad :
        List.of(
            Map.of("file", "local:/etc/passwd"),
            Map.of("file", "local:" + jobs + "/../x.jar"),
            Map.of("file", "s3a://code/a.jar", "conf", Map.of("spark.master", "local")),
            Map.of("file", "s3a://code/a.jar", "proxyUser", "root"),
            Map.of("file", "s3a://code/a.jar", "typo", 1))) {
      Reply reply = validate(bad);

      assertThat(reply.status()).as("%s", bad).isEqualTo(400);
      assertThat(reply.message())
          .startsWith("Rejected, Reason: ")
          .isEqualTo(client.post(new ObjectMapper().writeValueAsString(bad)).message());
    }
    assertThat(client.send("POST", "/batches/validate", "{").status()).isEqualTo(400);
    assertThat(client.send("POST", "/batches/validate", "a=b", "Content-Type", "x/form").status())
        .isEqualTo(415);
    assertThat(client.get("/batches/validate").status()).as("a batch of that name").isEqualTo(404);
  }
}
