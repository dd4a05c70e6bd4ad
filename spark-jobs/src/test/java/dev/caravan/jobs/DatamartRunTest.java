package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.marts.Datamart;
import dev.caravan.jobs.marts.Inputs;
import dev.caravan.jobs.marts.Lake;
import dev.caravan.jobs.marts.UsersDemographicJob;
import dev.caravan.jobs.output.JobSummary;
import dev.caravan.jobs.output.PhaseClock;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read must be what the files' footers tell. */
@Tag("slow")
class DatamartRunTest {
  private static final DateWindow FIRST = new DateWindow(LocalDate.of(2022, 5, 1), 1);
  private static final DateWindow BOTH = new DateWindow(LocalDate.of(2022, 5, 2), 2);

  @TempDir private Path root;
  private TestLake lake;

  @BeforeEach
  void fill() {
    lake = new TestLake(root).cities();
    lake.day("2022-05-01", events().message(2, null, "2022-05-01T11:00:00", 0.0, 0.0));
    lake.day("2022-05-02", events());
  }

  private static RawEvents events() {
    return new RawEvents().message(1, 10, "2022-05-01T10:00:00", -33.8, 151.2);
  }

  private Lake open(List<DateWindow> windows) {
    return new Lake(
        TestSession.spark(),
        new org.apache.hadoop.fs.Path(lake.events()),
        new org.apache.hadoop.fs.Path(lake.dictionary()),
        windows);
  }

  private static Inputs inputs(Lake lake, DateWindow window) {
    return new Inputs(lake, window, Instant.EPOCH, Set.of());
  }

  @Test
  void countingByAQueryOfItsOwnTellsTheSame() throws IOException {
    for (List<DateWindow> windows : List.of(List.of(BOTH), List.of(FIRST, BOTH))) {
      Lake open = open(windows);
      try {
        for (DateWindow window : windows) {
          Inputs inputs = inputs(open, window);
          assertThat(inputs.counted(EventType.MESSAGE).read())
              .isEqualTo(window.depth() + 1)
              .isEqualTo(inputs.partitions(EventType.MESSAGE).rows());
          assertThat(inputs.counted(EventType.MESSAGE).dropped())
              .containsEntry("rowsWithoutId", 1L)
              .containsEntry("rowsWithBadId", 0L);
        }
      } finally {
        open.release();
      }
    }
  }

  @Test
  void rowsThatAreMissingFailTheDatamart() throws IOException {
    Inputs inputs = inputs(open(List.of(BOTH)), BOTH);
    assertThat(inputs.partitions(EventType.MESSAGE).rows()).isEqualTo(3);
    lake.day("message", "other", RawEvents.stored(events().messages(TestSession.spark())));
    Files.move(file("other"), file("2022-05-01"), StandardCopyOption.REPLACE_EXISTING);
    try (Stream<Path> sums = Files.list(lake.partition("message", "2022-05-01"))) {
      for (Path sum : sums.filter(name -> name.toString().endsWith(".crc")).toList()) {
        Files.delete(sum);
      }
    }
    Path marts = root.resolve("marts");
    DatamartRun run =
        new DatamartRun(
            TestSession.spark(),
            inputs,
            new org.apache.hadoop.fs.Path("file:" + marts),
            new PhaseClock(Clock.systemUTC()));
    assertThatThrownBy(() -> run.compute(new UsersDemographicJob(), new JobSummary("users", BOTH)))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessage(
            "the files of message in the window 2022-05-01..2022-05-02 hold 3 rows, but 2 were"
                + " read; nothing is written");
    assertThat(marts).doesNotExist();
    run.release();
    inputs.release();
  }

  @Test
  void planOfASmallWindowIsMadeOnceAndOthersArePlannedAsUsual() throws IOException {
    String adaptive = "spark.sql.adaptive.enabled";
    RuntimeConfig conf = TestSession.spark().conf();
    List<String> seen = new ArrayList<>();
    Datamart watched =
        new Datamart() {
          private final Datamart users = new UsersDemographicJob();

          @Override
          public String name() {
            return users.name();
          }

          @Override
          public Set<EventType> reads() {
            return users.reads();
          }

          @Override
          public Dataset<Row> rows(Inputs inputs) throws IOException {
            seen.add(conf.get(adaptive));
            return users.rows(inputs);
          }
        };
    Inputs inputs = inputs(open(List.of(BOTH)), BOTH);
    DatamartRun run =
        new DatamartRun(
            TestSession.spark(),
            inputs,
            new org.apache.hadoop.fs.Path("file:" + root.resolve("marts")),
            new PhaseClock(Clock.systemUTC()));
    run.compute(watched, new JobSummary("users", BOTH));
    run.release();
    inputs.release();
    assertThat(seen).containsExactly("false");
    assertThat(conf.get(adaptive)).isEqualTo("true");
  }

  private Path file(String day) throws IOException {
    try (Stream<Path> files = Files.list(lake.partition("message", day))) {
      return files.filter(name -> name.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }
}
