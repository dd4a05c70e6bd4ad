package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.processors.pipelines.RunValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The Python job of docs/pipelines.md. The endpoint's PythonJobIT gives the request of the same
 * file to the real spark-submit's parser.
 */
class PythonJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void requestOfTheDocumentedJobIsTheOneThatTheEndpointIsTestedWith() throws IOException {
    Matcher example =
        Pattern.compile("(?ms)^## A Python job\n+```yaml\n(.*?)^```")
            .matcher(Files.readString(Path.of("../docs/pipelines.md")));
    assertThat(example.find()).isTrue();
    Pipeline pipeline =
        PipelineParser.ofSnapshots().parse("reports", "reports.yaml", example.group(1));
    LocalDate date = LocalDate.of(2026, 11, 21);
    Run run = TestRuns.running("reports", date, 1, "c9q", Instant.EPOCH);

    JsonNode request =
        BatchJson.body(
            pipeline
                .job("report")
                .request(RunValues.of(run, 1), pipeline.job("report").batchKey(run, 1)));

    assertThat(request)
        .isEqualTo(JSON.readTree(Path.of("src/test/resources/python-batch.json").toFile()));
  }
}
