package dev.caravan.cloud.demo;

import dev.caravan.cloud.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Shows what a run left in S3, read from there and not from what anybody says of it. */
final class MartRows {

  private static final int FIRST = 3;
  private static final int CELL = 40;

  private final S3Client s3;
  private final Path scratch;

  /**
   * @param scratch an existing local directory for copies
   */
  MartRows(S3Client s3, Path scratch) {
    this.s3 = s3;
    this.scratch = scratch;
  }

  /** Shows the first rows of a mart's day and returns how many it has in all. */
  long show(Mart mart, LocalDate date, Progress progress) throws IOException {
    List<String> keys =
        s3
            .listObjectsV2Paginator(list -> list.bucket(LocalCloud.LAKE).prefix(mart.prefix(date)))
            .contents()
            .stream()
            .map(S3Object::key)
            .filter(key -> key.endsWith(".parquet"))
            .toList();
    long rows = 0;
    String text = "";
    for (String key : keys) {
      ParquetTable table = read(key);
      rows += table.totalRows();
      if (text.isEmpty() && table.totalRows() > 0) {
        text = table.text(CELL);
      }
    }
    progress.show("\n%s, date=%s: %,d rows\n%s".formatted(mart.job(), date, rows, text));
    return rows;
  }

  private ParquetTable read(String key) throws IOException {
    Path copy = scratch.resolve("mart.parquet");
    Files.deleteIfExists(copy);
    s3.getObject(get -> get.bucket(LocalCloud.LAKE).key(key), copy);
    return ParquetTable.read(copy, FIRST);
  }
}
