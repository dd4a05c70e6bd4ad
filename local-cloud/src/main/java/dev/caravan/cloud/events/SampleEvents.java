package dev.caravan.cloud.events;

import dev.caravan.cloud.parquet.ParquetFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.apache.parquet.example.data.Group;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A sample of a messenger's event log: the same rows for the same last day, days, rows, seed and
 * crowd. People write, react and subscribe; some travel, some are near each other, some channels
 * have nearly everybody; positions and ids are missing here and there, and some rows come twice.
 *
 * @param lastDay the last day with events
 * @param days how many days, the last one included
 * @param rows how many rows in all, ten for each day at least
 */
public record SampleEvents(LocalDate lastDay, int days, long rows, long seed, Population crowd) {

  private static final long FEWEST_ROWS_OF_A_DAY = 10;

  public SampleEvents {
    if (days < 1 || rows < FEWEST_ROWS_OF_A_DAY * days) {
      throw new IllegalArgumentException(
          "a sample needs a day at least and %d rows for each day, not %d rows on %d days"
              .formatted(FEWEST_ROWS_OF_A_DAY, rows, days));
    }
  }

  /** With the usual crowd for so many rows. */
  public SampleEvents(LocalDate lastDay, int days, long rows, long seed) {
    this(lastDay, days, rows, seed, Population.of(rows));
  }

  /** A hundred thousand rows on thirty days. */
  public static SampleEvents until(LocalDate lastDay) {
    return new SampleEvents(lastDay, 30, 100_000, 1);
  }

  /** So many rows by the usual crowd for them. */
  public SampleEvents rows(long newRows) {
    return new SampleEvents(lastDay, days, newRows, seed);
  }

  /**
   * What was put into S3.
   *
   * @param rows of events
   * @param bytes of events
   */
  public record Written(long rows, int files, long bytes) {}

  /**
   * Puts the events into S3, one object for each type and day.
   *
   * @param s3 may still be starting: files that are made before wait
   * @param prefix the events' root, without slashes at its ends
   * @param scratch an existing local directory
   */
  public Written writeEvents(
      CompletableFuture<S3Client> s3, String bucket, String prefix, Path scratch)
      throws IOException {
    return write(
        (date, kind) ->
            "%s/event_type=%s/date=%s/part-00000.snappy.parquet"
                .formatted(prefix, kind.partition(), date),
        SampleEvents::writeDay,
        s3,
        bucket,
        scratch);
  }

  /**
   * Puts the same events into S3 as they come in, raw, one object for each type and day. A few
   * lines are broken. Otherwise like {@link #writeEvents}.
   */
  public Written writeRawEvents(
      CompletableFuture<S3Client> s3, String bucket, String prefix, Path scratch)
      throws IOException {
    return write(
        (date, kind) -> "%s/date=%s/%s.json.gz".formatted(prefix, date, kind.partition()),
        SampleEvents::writeRawDay,
        s3,
        bucket,
        scratch);
  }

  /** Writes the events of a kind and a day to a file. */
  @FunctionalInterface
  private interface DayWriter {
    void write(Day day, EventKind kind, long count, int gathered, Path file) throws IOException;
  }

  private Written write(
      BiFunction<LocalDate, EventKind, String> key,
      DayWriter writer,
      CompletableFuture<S3Client> s3,
      String bucket,
      Path scratch)
      throws IOException {
    List<Person> people =
        LongStream.rangeClosed(1, crowd.people())
            .mapToObj(id -> new Person(id, days, crowd.people(), seed))
            .toList();
    Upload upload = new Upload(s3, bucket, scratch);
    long written = 0;
    for (int index = 0; index < days; index++) {
      LocalDate date = lastDay.minusDays(days - 1L - index);
      long rowsOfDay = rows * (index + 1) / days - rows * index / days;
      Day day = new Day(date, index, people, crowd.channels(), seed);
      for (EventKind kind : EventKind.values()) {
        long count = crowd.mix().rows(kind, rowsOfDay);
        int gathered = kind == EventKind.MESSAGE && index == days - 1 ? crowd.gathered() : 0;
        writer.write(day, kind, count, gathered, upload.nextFile());
        upload.put(key.apply(date, kind));
        written += count + gathered;
      }
    }
    upload.finish();
    return upload.written(written);
  }

  private static void writeDay(Day day, EventKind kind, long count, int gathered, Path file)
      throws IOException {
    try (ParquetFile parquet = ParquetFile.create(file, EventRow.SCHEMA)) {
      write(day, kind, count, gathered, parquet::write);
    }
  }

  private static void writeRawDay(Day day, EventKind kind, long count, int gathered, Path file)
      throws IOException {
    try (RawFile raw = RawFile.create(file, kind)) {
      write(day, kind, count, gathered, raw::write);
    }
  }

  /** Takes one event. */
  @FunctionalInterface
  private interface EventSink {
    void take(Group event) throws IOException;
  }

  private static void write(Day day, EventKind kind, long count, int gathered, EventSink sink)
      throws IOException {
    try {
      Consumer<Group> each =
          event -> {
            try {
              sink.take(event);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      day.events(kind, count, each);
      day.gathering(gathered, each);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Puts the dictionary of cities into S3 as one parquet object under this prefix, which has no
   * slashes at its ends.
   */
  public static void writeCities(
      CompletableFuture<S3Client> s3, String bucket, String prefix, Path scratch)
      throws IOException {
    Upload upload = new Upload(s3, bucket, scratch);
    SampleCityDictionary.write(upload.nextFile());
    upload.put(prefix + "/cities.parquet");
    upload.finish();
  }
}
