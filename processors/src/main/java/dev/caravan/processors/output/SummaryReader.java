package dev.caravan.processors.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.camel.CamelContext;

/**
 * Reads the summary JSON that a job leaves beside its exit code. Fields it doesn't know are
 * ignored; a field of the wrong kind reads as absent. Safe for use by many threads.
 */
public final class SummaryReader {
  private static final int LARGEST_BYTES = 4 * 1024 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final S3Objects s3;

  public SummaryReader(CamelContext camel) {
    this.s3 = new S3Objects(camel);
  }

  /**
   * @return empty if there is no such object
   * @throws FatalException if it isn't a JSON object, or if S3 refuses us
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached
   */
  public Optional<ApplicationSummary> read(S3Location location) {
    return s3.whole(location, LARGEST_BYTES).map(json -> parse(location, json));
  }

  private static ApplicationSummary parse(S3Location location, byte[] json) {
    JsonNode summary;
    try {
      summary = JSON.readTree(json);
    } catch (IOException e) {
      throw new FatalException("The job summary " + location + " is not JSON.", e);
    }
    if (!summary.isObject()) {
      throw new FatalException("The job summary " + location + " is not a JSON object.");
    }
    List<ReportedSummary> jobs = new ArrayList<>();
    summary.path("jobs").forEach(each -> jobs.add(job(each)));
    return new ApplicationSummary(
        text(summary, "run"),
        text(summary, "applicationId"),
        parsed(summary, "startedAt", Instant::parse),
        parsed(summary, "finishedAt", Instant::parse),
        exitCode(summary),
        jobs);
  }

  private static ReportedSummary job(JsonNode entry) {
    return new ReportedSummary(
        text(entry, "job"),
        exitCode(entry),
        text(entry, "message"),
        parsed(entry.path("window"), "from", LocalDate::parse),
        parsed(entry.path("window"), "to", LocalDate::parse),
        number(entry, "partitionsRead"),
        number(entry, "partitionsMissing"),
        number(entry, "rowsRead"),
        number(entry, "rowsDropped"),
        number(entry, "rowsWritten"),
        number(entry, "files"),
        number(entry, "bytes"),
        text(entry, "output"),
        phases(entry.path("seconds")));
  }

  private static Map<String, Duration> phases(JsonNode seconds) {
    Map<String, Duration> phases = new HashMap<>();
    for (Map.Entry<String, JsonNode> each : seconds.properties()) {
      if (each.getValue().isNumber()) {
        phases.put(each.getKey(), Duration.ofMillis(Math.round(each.getValue().asDouble() * 1000)));
      }
    }
    return phases;
  }

  private static OptionalInt exitCode(JsonNode node) {
    JsonNode value = node.path("exitCode");
    return value.isInt() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
  }

  private static OptionalLong number(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isIntegralNumber() && value.canConvertToLong()
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  private static Optional<String> text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isTextual() && !value.asText().isEmpty()
        ? Optional.of(value.asText())
        : Optional.empty();
  }

  private static <T> Optional<T> parsed(JsonNode node, String key, Function<String, T> parser) {
    try {
      return text(node, key).map(parser);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
