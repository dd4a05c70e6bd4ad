package dev.caravan.routes;

import dev.caravan.processors.output.S3Location;
import java.time.DateTimeException;
import java.time.LocalDate;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads option values, and says in a sentence what is wrong with one. */
final class Converters {
  private Converters() {}

  static CommandLine register(CommandLine line) {
    return line.registerConverter(LocalDate.class, Converters::date)
        .registerConverter(S3Location.class, Converters::s3Location);
  }

  private static LocalDate date(String text) {
    try {
      // Without this, +12026-11-21 would be a date, too.
      if (text.length() == "2026-11-21".length()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      // Said below, in the same words.
    }
    throw new TypeConversionException(
        "'" + text + "' is not a date of the calendar, written as 2026-11-21");
  }

  private static S3Location s3Location(String text) {
    try {
      return S3Location.of(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
