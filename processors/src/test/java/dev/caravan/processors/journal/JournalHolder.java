package dev.caravan.processors.journal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A process of its own that holds a database open until its input ends. */
final class JournalHolder {
  private JournalHolder() {}

  public static void main(String[] args) throws SQLException, IOException {
    try (Connection held = DriverManager.getConnection(args[0])) {
      System.out.println(held.isValid(1) ? "held" : "not held");
      while (System.in.read() >= 0) {
        // Until the test closes this end.
      }
    }
  }
}
