package dev.caravan.routes.cli;

import dev.caravan.processors.output.S3Location;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads option values, and says in a sentence what is wrong with one. */
public final class Converters {
  private Converters() {}

  /** Registers them all. */
  public static CommandLine register(CommandLine line) {
    return line.registerConverter(AskedDates.class, text -> read(text, AskedDates::of))
        .registerConverter(S3Location.class, text -> read(text, S3Location::of))
        .registerConverter(YearMonth.class, text -> read(text, Converters::month));
  }

  private static YearMonth month(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no month: write it as 2026-11", e);
    }
  }

  private static <T> T read(String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
