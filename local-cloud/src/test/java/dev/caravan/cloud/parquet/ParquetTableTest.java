package dev.caravan.cloud.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableTest {

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message row {
            optional int64 id;
            optional binary name (STRING);
            optional int32 day (DATE);
            optional int64 at (TIMESTAMP(MICROS,true));
            optional int96 legacy;
            optional group cities (LIST) { repeated group list { optional binary element (STRING); } }
          }
          """);

  @TempDir Path directory;

  private Path file(int rows) throws Exception {
    Path file = directory.resolve("rows.parquet");
    try (ParquetFile parquet = ParquetFile.create(file, SCHEMA)) {
      for (int i = 1; i <= rows; i++) {
        parquet.write(row(i));
      }
    }
    return file;
  }

  private static Group row(long id) {
    Group row = new SimpleGroup(SCHEMA);
    row.add("id", id);
    if (id > 1) {
      return row;
    }
    Instant time = Instant.parse("2026-03-01T10:11:12Z");
    row.add("name", "Sydney");
    row.add("day", (int) LocalDate.parse("2026-03-01").toEpochDay());
    row.add("at", time.toEpochMilli() * 1000);
    ByteBuffer legacy = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    legacy.putLong((10 * 3600 + 11 * 60 + 12) * 1_000_000_000L);
    legacy.putInt((int) LocalDate.parse("2026-03-01").toEpochDay() + 2_440_588);
    row.add("legacy", Binary.fromConstantByteArray(legacy.array()));
    Group cities = row.addGroup("cities");
    cities.addGroup("list").add("element", "Sydney");
    cities.addGroup("list").add("element", "Perth");
    return row;
  }

  @Test
  void readsTheFirstRowsAsAPersonWouldWriteThem() throws Exception {
    ParquetTable table = ParquetTable.read(file(3), 2);
    assertThat(table.totalRows()).isEqualTo(3);
    assertThat(table.columns()).containsExactly("id", "name", "day", "at", "legacy", "cities");
    assertThat(table.rows().get(0))
        .containsExactly(
            "1",
            "Sydney",
            "2026-03-01",
            "2026-03-01T10:11:12Z",
            "2026-03-01T10:11:12Z",
            "[Sydney, Perth]");
    assertThat(table.rows().get(1)).containsExactly("2", "", "", "", "", "");
    assertThat(table.rows()).hasSize(2);
  }

  @Test
  void alignsColumnsAndCutsLongCells() throws Exception {
    ParquetTable table = ParquetTable.read(file(2), 5);
    assertThat(table.text(10, 60).lines())
        .containsExactly(
            "  id  name    day         at          legacy      cities",
            "  1   Sydney  2026-03-01  2026-03...  2026-03...  [Sydney...",
            "  2");
    assertThat(table.text(10, 59)).isNotEqualTo(table.text(10, 60));
  }

  @Test
  void whatIsWiderThanTheLineIsABlockForEachRow() throws Exception {
    ParquetTable table = ParquetTable.read(file(2), 5);
    assertThat(table.text(40, 28).lines())
        .containsExactly(
            "  id      1",
            "  name    Sydney",
            "  day     2026-03-01",
            "  at      2026-03-01T10:1...",
            "  legacy  2026-03-01T10:1...",
            "  cities  [Sydney, Perth]",
            "",
            "  id      2",
            "  name",
            "  day",
            "  at",
            "  legacy",
            "  cities");
    assertThat(table.text(40, 1)).contains("  at      2026-03...\n");
  }

  @Test
  void aTimestampWithoutAZoneIsShownWithoutOne() throws Exception {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message row { required int64 at (TIMESTAMP(MILLIS,false)); }");
    Path file = directory.resolve("local.parquet");
    try (ParquetFile parquet = ParquetFile.create(file, schema)) {
      Group row = new SimpleGroup(schema);
      row.add("at", Instant.parse("2026-03-01T10:11:12Z").toEpochMilli());
      parquet.write(row);
    }
    assertThat(ParquetTable.read(file, 1).rows()).containsExactly(List.of("2026-03-01T10:11:12"));
  }

  @Test
  void aFileWithoutRowsHasColumnsOnly() throws Exception {
    ParquetTable table = ParquetTable.read(file(0), 5);
    assertThat(table.totalRows()).isZero();
    assertThat(table.rows()).isEmpty();
    assertThat(table.columns()).hasSize(6);
  }
}
