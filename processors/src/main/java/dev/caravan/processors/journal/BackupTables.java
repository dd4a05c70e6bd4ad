package dev.caravan.processors.journal;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The journal's tables as the database itself describes them, so that none can be forgotten. */
final class BackupTables {
  static final String MIGRATIONS = "flyway_schema_history";

  private BackupTables() {}

  /** Each table after those that it refers to, in lower case. Without Flyway's own. */
  static List<String> inOrder(Connection connection) throws SQLException {
    Map<String, Set<String>> references = new TreeMap<>();
    for (String table : names(connection)) {
      references.put(table, references(connection, table));
    }
    Set<String> ordered = new LinkedHashSet<>();
    while (ordered.size() < references.size()) {
      List<String> next =
          references.entrySet().stream()
              .filter(entry -> !ordered.contains(entry.getKey()))
              .filter(entry -> ordered.containsAll(entry.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      if (next.isEmpty()) {
        throw new IllegalStateException("The journal's tables refer to each other in a circle");
      }
      ordered.addAll(next);
    }
    return List.copyOf(ordered);
  }

  /** All tables, in lower case, without Flyway's own. */
  static Set<String> names(Connection connection) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
      while (tables.next()) {
        // "TABLE" of PostgreSQL is "BASE TABLE" of H2; indexes and sequences are listed, too.
        if (tables.getString("TABLE_TYPE").endsWith("TABLE")) {
          names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
        }
      }
    }
    names.remove(MIGRATIONS);
    return names;
  }

  private static Set<String> references(Connection connection, String table) throws SQLException {
    Set<String> found = new TreeSet<>();
    try (ResultSet keys =
        connection
            .getMetaData()
            .getImportedKeys(
                connection.getCatalog(), connection.getSchema(), stored(connection, table))) {
      while (keys.next()) {
        found.add(keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT));
      }
    }
    found.remove(table);
    return found;
  }

  /** The columns that the database counts up by itself. */
  static List<String> identities(Connection connection, String table) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet columns =
        connection
            .getMetaData()
            .getColumns(
                connection.getCatalog(),
                connection.getSchema(),
                stored(connection, table).replace("_", "\\_"),
                "%")) {
      while (columns.next()) {
        if (columns.getString("IS_AUTOINCREMENT").equals("YES")) {
          found.add(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
        }
      }
    }
    return found;
  }

  /** As the database spells it. */
  private static String stored(Connection connection, String table) throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    return database.storesUpperCaseIdentifiers() ? table.toUpperCase(Locale.ROOT) : table;
  }
}
