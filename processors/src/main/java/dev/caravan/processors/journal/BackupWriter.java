package dev.caravan.processors.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.caravan.shared.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes all rows as lines of JSON, whatever the database: a line that says what it is; per table a
 * line with its columns and a line for each row; a last line with the number of rows of each table
 * and the SHA-256 of all lines before it, by which a file that was cut off is known.
 */
final class BackupWriter {
  static final int FORMAT = 1;
  private static final JsonFactory JSON = new JsonFactory();
  private static final int FETCH = 500;

  private final OutputStream out;
  private final MessageDigest digest = Sha256.digest();

  BackupWriter(OutputStream out) {
    this.out = out;
  }

  private interface Line {
    void write(JsonGenerator json) throws IOException, SQLException;
  }

  private void line(Line line) throws IOException, SQLException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      line.write(json);
    }
    byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    digest.update(bytes);
    out.write(bytes);
  }

  /**
   * Writes the rows as the connection's transaction sees them.
   *
   * @param schema its version
   * @return the number of rows of each table
   */
  Map<String, Long> write(Connection connection, String schema, Instant now)
      throws IOException, SQLException {
    line(
        json -> {
          json.writeStartObject();
          json.writeNumberField("caravan-journal", FORMAT);
          json.writeStringField("schema", schema);
          json.writeStringField("at", now.toString());
          json.writeEndObject();
        });
    Map<String, Long> rows = new LinkedHashMap<>();
    for (String table : BackupTables.inOrder(connection)) {
      rows.put(table, writeTable(connection, table));
    }
    String sum = HexFormat.of().formatHex(digest.digest());
    line(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("rows");
          for (Map.Entry<String, Long> table : rows.entrySet()) {
            json.writeNumberField(table.getKey(), table.getValue());
          }
          json.writeEndObject();
          json.writeStringField("sha256", sum);
          json.writeEndObject();
        });
    return rows;
  }

  private long writeTable(Connection connection, String table) throws IOException, SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      // The names come from the database's own description.
      try (ResultSet rows = statement.executeQuery("select * from " + table)) {
        ResultSetMetaData columns = rows.getMetaData();
        line(
            json -> {
              json.writeStartObject();
              json.writeStringField("table", table);
              json.writeArrayFieldStart("columns");
              for (int i = 1; i <= columns.getColumnCount(); i++) {
                json.writeString(columns.getColumnName(i).toLowerCase(Locale.ROOT));
              }
              json.writeEndArray();
              json.writeEndObject();
            });
        long count = 0;
        while (rows.next()) {
          line(
              json -> {
                json.writeStartArray();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                  value(json, rows, i, columns.getColumnType(i));
                }
                json.writeEndArray();
              });
          count++;
        }
        return count;
      }
    }
  }

  private static void value(JsonGenerator json, ResultSet rows, int column, int type)
      throws IOException, SQLException {
    if (rows.getObject(column) == null) {
      json.writeNull();
      return;
    }
    switch (type) {
      case Types.BIGINT, Types.INTEGER -> json.writeNumber(rows.getLong(column));
      case Types.BOOLEAN, Types.BIT -> json.writeBoolean(rows.getBoolean(column));
      case Types.DATE -> json.writeString(rows.getObject(column, LocalDate.class).toString());
      case Types.TIMESTAMP_WITH_TIMEZONE, Types.TIMESTAMP ->
          json.writeString(rows.getObject(column, OffsetDateTime.class).toInstant().toString());
      case Types.VARCHAR, Types.CLOB -> json.writeString(rows.getString(column));
      default ->
          throw new IllegalStateException("The journal has a column of the SQL type " + type);
    }
  }
}
