package dev.caravan.jobs.sample;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of types that Spark doesn't write. */
public final class ParquetFiles {
  /** Length of the footer and the magic word. */
  private static final int END_BYTES = 8;

  private ParquetFiles() {}

  /**
   * Writes one file.
   *
   * @param columns in parquet's words
   * @param rows values by column, Long, Integer, Double, String, or a map for a group; absent ones
   *     are null
   */
  public static void write(Path file, String columns, List<Map<String, Object>> rows)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message rows { " + columns + " }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path("file:" + file))
            .withType(schema)
            .build()) {
      for (Map<String, Object> row : rows) {
        Group group = new SimpleGroup(schema);
        fill(group, schema, row);
        writer.write(group);
      }
    }
  }

  /**
   * Makes the file say that pages are compressed with {@code codec}; they stay as they are.
   *
   * @param columns whose pages; none for all
   */
  public static void claim(Path file, CompressionCodec codec, String... columns)
      throws IOException {
    List<String> only = List.of(columns);
    byte[] whole = Files.readAllBytes(file);
    ByteBuffer end = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int footer = whole.length - END_BYTES - end.getInt(whole.length - END_BYTES);
    FileMetaData metadata =
        Util.readFileMetaData(
            new ByteArrayInputStream(whole, footer, whole.length - END_BYTES - footer));
    metadata.getRow_groups().stream()
        .flatMap(group -> group.getColumns().stream())
        .map(ColumnChunk::getMeta_data)
        .filter(column -> only.isEmpty() || only.contains(column.getPath_in_schema().get(0)))
        .forEach(column -> column.setCodec(codec));
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(whole, 0, footer);
    Util.writeFileMetaData(metadata, changed);
    int length = changed.size() - footer;
    changed.write(
        ByteBuffer.allocate(END_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(length)
            .put(whole, whole.length - 4, 4)
            .array());
    Files.write(file, changed.toByteArray());
    // The checksums of what it was.
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private static void fill(Group group, GroupType schema, Map<String, Object> row) {
    row.forEach(
        (column, value) -> {
          if (value instanceof Long number) {
            group.add(column, number);
          } else if (value instanceof Integer number) {
            group.add(column, number);
          } else if (value instanceof Double number) {
            group.add(column, number);
          } else if (value instanceof Map<?, ?> inner) {
            @SuppressWarnings("unchecked")
            Map<String, Object> fields = (Map<String, Object>) inner;
            fill(group.addGroup(column), schema.getType(column).asGroupType(), fields);
          } else {
            group.add(column, (String) value);
          }
        });
  }
}
