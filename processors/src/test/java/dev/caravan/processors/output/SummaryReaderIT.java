package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryReaderIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  private static SummaryReader reader;

  @BeforeAll
  static void reachS3() {
    reader = new SummaryReader(S3.camel());
  }

  @Test
  void readsWhatTheJobsWrite() {
    S3.put(
        "summaries/full.json",
        """
        {"version":1, "run":"datamarts-2026-11-22", "applicationId":"application_1_2",
         "sparkVersion":"3.5.5", "startedAt":"2026-11-22T03:00:01.5Z",
         "finishedAt":"2026-11-22T03:01:00Z", "seconds":58.5, "exitCode":66,
         "jobs":[
           {"job":"users-demographic-dm", "run":"datamarts-2026-11-22",
            "applicationId":"application_1_2",
            "window":{"from":"2026-11-13","to":"2026-11-22","days":10},
            "exitCode":0, "message":"", "partitionsRead":9, "partitionsMissing":1, "rowsRead":5000000000,
            "rowsDropped":3, "rowsWritten":70, "output":"s3a://lake/marts/date=2026-11-22",
            "files":1, "bytes":12345, "seconds":{"list":0.25,"write":1.0,"total":1.25},
            "inputs":{"message":{"partitionsRead":9}}},
           {"job":"other", "exitCode":66, "message":"no input"}]}""");

    ApplicationSummary summary =
        reader.read(S3Location.of("s3://lake/summaries/full.json")).orElseThrow();

    assertThat(summary.run()).contains("datamarts-2026-11-22");
    assertThat(summary.applicationId()).contains("application_1_2");
    assertThat(summary.startedAt()).contains(Instant.parse("2026-11-22T03:00:01.5Z"));
    assertThat(summary.finishedAt()).contains(Instant.parse("2026-11-22T03:01:00Z"));
    assertThat(summary.exitCode()).hasValue(66);
    ReportedSummary job = summary.job("users-demographic-dm").orElseThrow();
    assertThat(job.exitCode()).hasValue(0);
    assertThat(job.message()).isEmpty();
    assertThat(job.windowFrom()).contains(LocalDate.of(2026, 11, 13));
    assertThat(job.windowTo()).contains(LocalDate.of(2026, 11, 22));
    assertThat(job.partitionsRead()).hasValue(9);
    assertThat(job.partitionsMissing()).hasValue(1);
    assertThat(job.rowsRead()).hasValue(5_000_000_000L);
    assertThat(job.rowsDropped()).hasValue(3);
    assertThat(job.rowsWritten()).hasValue(70);
    assertThat(job.files()).hasValue(1);
    assertThat(job.bytes()).hasValue(12345);
    assertThat(job.output()).contains("s3a://lake/marts/date=2026-11-22");
    assertThat(job.phases())
        .isEqualTo(
            Map.of(
                "list", Duration.ofMillis(250),
                "write", Duration.ofSeconds(1),
                "total", Duration.ofMillis(1250)));
    assertThat(summary.job("other").orElseThrow().message()).contains("no input");
    assertThat(summary.job("third")).isEmpty();
  }

  @Test
  void absentSummaryIsEmpty() {
    assertThat(reader.read(S3Location.of("s3://lake/summaries/none.json"))).isEmpty();
  }

  @Test
  void fieldsMayBeAbsentOrOfAnotherKind() {
    S3.put(
        "summaries/odd.json",
        "{\"run\":7,\"startedAt\":\"yesterday\",\"jobs\":[{\"job\":\"a\",\"rowsRead\":\"many\","
            + "\"exitCode\":1.5,\"window\":[],\"seconds\":{\"list\":\"x\"}}],\"exitCode\":null}");

    ApplicationSummary summary =
        reader.read(S3Location.of("s3://lake/summaries/odd.json")).orElseThrow();

    assertThat(summary.run()).isEmpty();
    assertThat(summary.startedAt()).isEmpty();
    assertThat(summary.exitCode()).isEqualTo(OptionalInt.empty());
    ReportedSummary job = summary.job("a").orElseThrow();
    assertThat(job.rowsRead()).isEqualTo(OptionalLong.empty());
    assertThat(job.exitCode()).isEqualTo(OptionalInt.empty());
    assertThat(job.windowFrom()).isEmpty();
    assertThat(job.phases()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "<xml/>"})
  void otherThanAnObjectIsFatal(String text) {
    S3.put("summaries/bad.json", text);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> reader.read(S3Location.of("s3://lake/summaries/bad.json")))
        .withMessageContaining("s3://lake/summaries/bad.json");
  }

  @Test
  void longerThanTheBoundIsFatalAndNotReadWhole() {
    S3.put("summaries/long.json", new byte[5 * 1024 * 1024]);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> reader.read(S3Location.of("s3://lake/summaries/long.json")))
        .withMessageContaining("exceeds the maximum length of 4194304 bytes");
  }

  @Test
  void keyIsNotEvaluated() {
    S3.put("summaries/${date:now:yyyy}.json", "{\"run\":\"literal\"}");

    assertThat(
            reader
                .read(S3Location.of("s3://lake/summaries/${date:now:yyyy}.json"))
                .orElseThrow()
                .run())
        .contains("literal");
  }
}
