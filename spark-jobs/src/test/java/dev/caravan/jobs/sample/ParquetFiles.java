package dev.caravan.jobs.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of types that Spark doesn't write. */
public final class ParquetFiles {
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
