package dev.caravan.cloud.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has a process that uses log4j 1 log to its stderr, and so to the file of its {@link
 * ChildProcess}.
 */
public final class ConsoleLogging {
  private static final String PROPERTIES =
      """
      log4j.rootLogger=INFO, console
      log4j.appender.console=org.apache.log4j.ConsoleAppender
      log4j.appender.console.target=System.err
      log4j.appender.console.layout=org.apache.log4j.PatternLayout
      log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n
      """;

  private ConsoleLogging() {}

  /** Writes log4j.properties to a directory, which is to be on the class path. */
  public static void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("log4j.properties"), PROPERTIES);
  }
}
