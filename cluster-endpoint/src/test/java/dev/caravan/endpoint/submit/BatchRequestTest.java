package dev.caravan.endpoint.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchRequestTest {
  private static String hash(String fields) {
    String body = "{\"file\":\"f\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
    return new SubmissionBodyReader().read(body.getBytes(StandardCharsets.UTF_8)).hash();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"args\":[\"a\",\"b\"] | \"args\":[\"a, b\"]",
        "\"args\":[\"a\"] | \"jars\":[\"a\"]",
        "\"args\":[\"\"] | \"args\":[]",
        "\"className\":\"a\" | \"name\":\"a\"",
        "\"conf\":{\"spark.a\":\"1, spark.b=2\"} | \"conf\":{\"spark.a\":1,\"spark.b\":2}",
        "\"conf\":{\"a\":1} | \"conf\":{\"a\":2}",
        "\"conf\":{\"a\":1} | \"conf\":{\"spark.a\":1}",
        "\"conf\":{\"a\":1} | \"conf\":{}",
        "\"driverCores\":1 | \"executorCores\":1"
      })
  void otherRequestsHaveOtherHashes(String one, String other) {
    assertThat(hash(one)).isNotEqualTo(hash(other)).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"args\":null | \"args\":[]",
        "\"numExecutors\":\"2\" | \"numExecutors\":2",
        "\"conf\":{\"spark.a\":true,\"spark.b\":1} | \"conf\":{ \"spark.b\":\"1\", \"spark.a\":\"true\"}",
        "\"name\":null | \"queue\":null"
      })
  void theSameRequestWrittenOtherwiseHasTheSame(String one, String other) {
    assertThat(hash(one)).isEqualTo(hash(other));
  }
}
