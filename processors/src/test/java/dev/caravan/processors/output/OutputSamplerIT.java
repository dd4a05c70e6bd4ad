package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.caravan.shared.FatalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutputSamplerIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  private static OutputSampler sampler;
  private String prefix;

  @BeforeAll
  static void reachS3() {
    sampler = new OutputSampler(S3.camel());
  }

  @BeforeEach
  void choosePrefix(TestInfo test) {
    prefix = "samples/" + test.getTestMethod().orElseThrow().getName() + "/date=2026-11-22/";
  }

  private OutputSample sample(int limit) {
    return sampler.sample(S3Location.of("s3://lake/" + prefix), limit);
  }

  @Test
  void rowsOfAllFilesAreCountedAndTheFirstOnesRead() {
    S3.put(prefix + "part-0.parquet", ParquetBytes.of(0, List.of("a", "b")));
    S3.put(prefix + "part-1.parquet", ParquetBytes.of(2, List.of("a", "b")));
    S3.put(prefix + "part-2", ParquetBytes.of(5, List.of("a", "b")));
    S3.put(prefix + "_SUCCESS", "");

    OutputSample sample = sample(3);

    assertThat(sample.format()).isEqualTo("parquet");
    assertThat(sample.objects()).isEqualTo(3);
    assertThat(sample.rows()).contains(7L);
    assertThat(sample.types()).containsExactly(entry("a", "bigint"), entry("b", "bigint"));
    assertThat(sample.firstRows()).hasSize(3);
    assertThat(sample.newest()).isPresent();
    assertThat(sample.remarks()).isEmpty();
  }

  @Test
  void anEmptyPlaceIsSaidToBeEmpty() {
    S3.put(prefix + "_SUCCESS", "");
    OutputSample sample = sample(3);
    assertThat(sample.format()).isEqualTo("none");
    assertThat(sample.objects()).isZero();
    assertThat(sample.rows()).contains(0L);
    assertThat(sample.newest()).isEmpty();
  }

  @Test
  void aBrokenFileIsARemarkAndTheOthersAreRead() {
    byte[] good = ParquetBytes.of(2, List.of("a"));
    S3.put(prefix + "part-0.parquet", "no parquet at all");
    S3.put(prefix + "part-1.parquet", good);
    S3.put(prefix + "readme.txt", "hello");

    OutputSample sample = sample(3);

    assertThat(sample.rows()).contains(2L);
    assertThat(sample.firstRows()).hasSize(2);
    assertThat(sample.remarks())
        .satisfiesExactly(
            broken -> assertThat(broken).contains("part-0.parquet is not a valid parquet file"),
            other -> assertThat(other).isEqualTo("1 object of another format left out"));
  }

  @Test
  void jsonLinesAreCountedAndTyped() throws IOException {
    S3.put(
        prefix + "part-0.json",
        "{\"id\":1,\"city\":null,\"n\":[1,2]}\n\n{\"id\":2,\"city\":\"Perth\",\"share\":0.5}\n");
    S3.put(prefix + "part-1.json.gz", gzipped("{\"id\":3}\n{\"id\":4}"));
    S3.put(prefix + "part-2.json", "");

    OutputSample sample = sample(3);

    assertThat(sample.format()).isEqualTo("json-lines");
    assertThat(sample.rows()).contains(4L);
    assertThat(sample.types())
        .containsExactly(
            entry("id", "bigint"),
            entry("city", "string"),
            entry("n", "array"),
            entry("share", "double"));
    assertThat(sample.firstRows()).extracting(row -> row.get("id")).containsExactly(1, 2, 3);
    assertThat(sample.firstRows().get(0)).isEqualTo(row());
    assertThat(sample.remarks()).isEmpty();
  }

  private static Map<String, Object> row() {
    Map<String, Object> row = new HashMap<>(Map.of("id", 1, "n", List.of(1, 2)));
    row.put("city", null);
    return row;
  }

  @Test
  void ofLargeJsonOnlyTheBeginningIsRead() {
    S3.put(
        prefix + "part-0.json",
        "{\"text\":\"0123456789012345678901234567890123456789\"}\n".repeat(200_000));

    OutputSample sample = sample(2);

    assertThat(sample.rows()).isEmpty();
    assertThat(sample.firstRows()).hasSize(2);
    assertThat(sample.remarks()).isEmpty();
  }

  @Test
  void aLineThatIsNoJsonIsNamed() {
    S3.put(prefix + "part-0.jsonl", "{\"id\":1}\nid=2\n");
    OutputSample sample = sample(5);
    assertThat(sample.firstRows()).hasSize(1);
    assertThat(sample.remarks())
        .containsExactly("s3://lake/" + prefix + "part-0.jsonl: line 2 is no JSON object.");
  }

  @Test
  void anotherFormatIsUnknown() {
    S3.put(prefix + "part-0.csv", "a,b\n1,2\n");
    OutputSample sample = sample(5);
    assertThat(sample.format()).isEqualTo("unknown");
    assertThat(sample.objects()).isEqualTo(1);
    assertThat(sample.rows()).isEmpty();
    assertThat(sample.remarks()).isEmpty();
  }

  @Test
  void aMissingBucketIsNamed() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> sampler.sample(S3Location.of("s3://no-such-bucket/x/"), 1))
        .withMessageContaining("no-such-bucket");
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
