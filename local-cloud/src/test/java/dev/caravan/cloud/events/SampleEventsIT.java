package dev.caravan.cloud.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.parquet.ParquetTable;
import dev.caravan.cloud.s3.S3Server;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

class SampleEventsIT {

  @TempDir static Path directory;

  @Test
  void putsEveryTypeAndDayAndTheCitiesIntoS3AlwaysTheSame() throws Exception {
    SampleEvents sample = new SampleEvents(LocalDate.parse("2026-03-01"), 3, 1000, 7);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    try (S3Server server = S3Server.start(Path.of("s3/target/s3"), directory)) {
      S3Client s3 = server.client();
      server.createBucket("lake");
      CompletableFuture<S3Client> late = new CompletableFuture<>();
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
          .execute(() -> late.complete(s3));
      SampleEvents.Written written = sample.writeEvents(late, "lake", "events", scratch);
      sample.writeEvents(late, "lake", "again", scratch);
      SampleEvents.writeCities(late, "lake", "cities", scratch);
      assertThat(sample.writeRawEvents(late, "lake", "raw", scratch).rows()).isEqualTo(1000);

      TreeMap<String, String> first = tagsUnder(s3, "events/");
      assertThat(first)
          .hasSize(9)
          .containsKeys(
              "event_type=message/date=2026-02-27/part-00000.snappy.parquet",
              "event_type=reaction/date=2026-02-28/part-00000.snappy.parquet",
              "event_type=subscription/date=2026-03-01/part-00000.snappy.parquet");
      assertThat(tagsUnder(s3, "again/")).isEqualTo(first);
      assertThat(written.rows()).isEqualTo(1000);
      assertThat(written.files()).isEqualTo(9);
      assertThat(written.bytes()).isPositive();

      assertThat(tagsUnder(s3, "raw/")).hasSize(9).containsKey("date=2026-03-01/message.json.gz");
      assertThat(lines(s3, "raw/date=2026-03-01/message.json.gz"))
          .hasSize(201)
          .allMatch(line -> line.startsWith("{\"event\":{\"message_id\":"))
          .anyMatch(line -> line.contains("\"message_ts\":\"2026-03-01T"))
          .anyMatch(
              line -> line.matches(".*},\"event_type\":\"message\",\"lat\":-[\\d.]+,\"lon\":1.*}"));

      ParquetTable message =
          copied(s3, "events/event_type=message/date=2026-03-01/part-00000.snappy.parquet");
      assertThat(message.totalRows()).isEqualTo(201);
      assertThat(message.columns())
          .contains(
              "message_id", "message_from", "message_to", "message_ts", "datetime", "lat", "lon");
      ParquetTable cities = copied(s3, "cities/cities.parquet");
      assertThat(cities.totalRows()).isEqualTo(24);
      assertThat(cities.columns())
          .containsExactly("city_id", "city_name", "city_lat", "city_lon", "timezone");
      assertThat(cities.rows().get(0)).contains("Sydney", "Australia/Sydney");
    }
    assertThat(scratch).isEmptyDirectory();
  }

  private static TreeMap<String, String> tagsUnder(S3Client s3, String prefix) {
    TreeMap<String, String> tags = new TreeMap<>();
    for (S3Object object :
        s3.listObjectsV2(list -> list.bucket("lake").prefix(prefix)).contents()) {
      tags.put(object.key().substring(prefix.length()), object.eTag());
    }
    return tags;
  }

  private static List<String> lines(S3Client s3, String key) throws Exception {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(s3.getObject(get -> get.bucket("lake").key(key))), UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static ParquetTable copied(S3Client s3, String key) throws Exception {
    Path file = directory.resolve(List.of(key.split("/")).hashCode() + ".parquet");
    s3.getObject(get -> get.bucket("lake").key(key), file);
    return ParquetTable.read(file, 2);
  }
}
