package dev.caravan.processors.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads what {@link BackupWriter} has written. A line that is not of it is a {@link
 * FatalException}.
 */
final class BackupReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 500;

  private final BufferedReader lines;
  private final MessageDigest digest = Sha256.digest();
  private long number;

  /** The first line: of which schema the rows are, and when they were read. */
  record Header(String schema, Instant at) {}

  BackupReader(BufferedReader lines) {
    this.lines = lines;
  }

  private JsonNode next() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw broken("it ends after line " + number + ": the rest is missing");
    }
    number++;
    try {
      JsonNode node = JSON.readTree(line);
      if (!node.has("sha256")) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return node;
    } catch (JsonProcessingException e) {
      throw broken("line " + number + " is no JSON");
    }
  }

  private static FatalException broken(String why) {
    return new FatalException("This is no whole backup of a journal: " + why + ".");
  }

  Header header() throws IOException {
    JsonNode first = next();
    int format = first.path("caravan-journal").asInt();
    if (format == 0) {
      throw broken("its first line doesn't say so");
    }
    if (format > BackupWriter.FORMAT) {
      throw new FatalException(
          "The backup was made by a later version of Caravan; restore it with that version.");
    }
    return new Header(
        first.path("schema").asText(),
        Instant.parse(first.path("at").asText("1970-01-01T00:00:00Z")));
  }

  /**
   * Inserts all rows, in the connection's transaction, and checks that they are all.
   *
   * @return the number of rows of each table
   */
  Map<String, Long> insertInto(Connection connection) throws IOException, SQLException {
    Map<String, Long> inserted = new LinkedHashMap<>();
    JsonNode line = next();
    Set<String> known = BackupTables.names(connection);
    while (line.has("table")) {
      String table = line.path("table").asText();
      if (!known.contains(table) || inserted.containsKey(table)) {
        throw broken("line " + number + " begins a table '" + table + "'");
      }
      List<String> columns = new ArrayList<>();
      line.path("columns").forEach(column -> columns.add(column.asText()));
      Rows rows = new Rows(table, columns);
      line = rows.insert(connection);
      inserted.put(table, rows.count);
      restartCounters(connection, table);
    }
    Map<String, Long> promised = new LinkedHashMap<>();
    line.path("rows")
        .fields()
        .forEachRemaining(e -> promised.put(e.getKey(), e.getValue().asLong()));
    String sum = HexFormat.of().formatHex(digest.digest());
    if (!promised.equals(inserted) || !sum.equals(line.path("sha256").asText())) {
      throw broken("its last line doesn't fit the lines before it");
    }
    return inserted;
  }

  private static void restartCounters(Connection connection, String table) throws SQLException {
    for (String column : BackupTables.identities(connection, table)) {
      try (Statement statement = connection.createStatement()) {
        long next;
        try (ResultSet most =
            statement.executeQuery("select coalesce(max(" + column + "), 0) from " + table)) {
          most.next();
          next = most.getLong(1) + 1;
        }
        statement.execute(
            "alter table " + table + " alter column " + column + " restart with " + next);
      }
    }
  }

  /** The rows of one table. */
  private final class Rows {
    private final String table;
    private final List<String> columns;
    private long count;

    Rows(String table, List<String> columns) {
      this.table = table;
      this.columns = columns;
    }

    /** Gives the first line that is no row. */
    JsonNode insert(Connection connection) throws IOException, SQLException {
      int[] types = types(connection);
      String sql =
          "insert into "
              + table
              + " ("
              + String.join(", ", columns)
              + ") overriding system value values ("
              + String.join(", ", Collections.nCopies(columns.size(), "?"))
              + ")";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        JsonNode line = next();
        for (; line.isArray(); line = next()) {
          if (line.size() != columns.size()) {
            throw broken("line " + number + " has too many values, or too few");
          }
          for (int i = 0; i < types.length; i++) {
            set(statement, i + 1, types[i], line.get(i));
          }
          statement.addBatch();
          count++;
          if (count % BATCH == 0) {
            statement.executeBatch();
          }
        }
        statement.executeBatch();
        return line;
      }
    }

    /** Which is also the check that these are columns, and nothing else. */
    private int[] types(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet none = statement.executeQuery("select * from " + table + " where 1 = 0")) {
        Map<String, Integer> known = new LinkedHashMap<>();
        for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
          known.put(
              none.getMetaData().getColumnName(i).toLowerCase(Locale.ROOT),
              none.getMetaData().getColumnType(i));
        }
        if (columns.isEmpty() || !known.keySet().containsAll(columns)) {
          throw broken("line " + number + " has other columns than the table '" + table + "'");
        }
        return columns.stream().mapToInt(known::get).toArray();
      }
    }

    private void set(PreparedStatement statement, int index, int type, JsonNode value)
        throws SQLException {
      if (value.isNull()) {
        statement.setNull(index, type);
        return;
      }
      switch (type) {
        case Types.BIGINT, Types.INTEGER -> statement.setLong(index, value.asLong());
        case Types.BOOLEAN, Types.BIT -> statement.setBoolean(index, value.asBoolean());
        case Types.DATE -> statement.setObject(index, LocalDate.parse(value.asText()));
        case Types.TIMESTAMP_WITH_TIMEZONE, Types.TIMESTAMP ->
            statement.setObject(index, Instant.parse(value.asText()).atOffset(ZoneOffset.UTC));
        default -> statement.setString(index, value.asText());
      }
    }
  }
}
