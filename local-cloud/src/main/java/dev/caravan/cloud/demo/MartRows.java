package dev.caravan.cloud.demo;

import dev.caravan.cloud.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Shows the results of a run, read from S3. */
public final class MartRows {

  private static final int FIRST = 3;
  private static final int CELL = 40;

  /** The column that holds a time on the clocks of a city, as if it were one in UTC. */
  private static final String LOCAL_TIME = "local_time";

  private final S3Client s3;
  private final Path scratch;
  private final int columns;

  /**
   * @param scratch an existing local directory for copies
   * @param columns how wide a line may be
   */
  public MartRows(S3Client s3, Path scratch, int columns) {
    this.s3 = s3;
    this.scratch = scratch;
    this.columns = columns;
  }

  /** Shows the first rows of a mart's day and returns how many it has in all. */
  public long show(Mart mart, LocalDate date, DemoOutput progress) throws IOException {
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
        text = localTimes(table).text(CELL, columns);
      }
    }
    progress.show(
        String.format(
            Locale.ROOT,
            "\n%s, date=%s: %,d row%s\n%s",
            mart.job(),
            date,
            rows,
            rows == 1 ? "" : "s",
            text));
    return rows;
  }

  /** A local time is shown without the Z of UTC. */
  static ParquetTable localTimes(ParquetTable table) {
    int local = table.columns().indexOf(LOCAL_TIME);
    List<List<String>> rows = new ArrayList<>();
    for (List<String> row : table.rows()) {
      List<String> cells = new ArrayList<>(row);
      if (local >= 0) {
        cells.set(local, cells.get(local).replaceFirst("Z$", ""));
      }
      rows.add(cells);
    }
    return new ParquetTable(table.columns(), rows, table.totalRows());
  }

  private ParquetTable read(String key) throws IOException {
    Path copy = scratch.resolve("mart.parquet");
    Files.deleteIfExists(copy);
    s3.getObject(get -> get.bucket(LocalCloud.LAKE).key(key), copy);
    return ParquetTable.read(copy, FIRST);
  }
}
