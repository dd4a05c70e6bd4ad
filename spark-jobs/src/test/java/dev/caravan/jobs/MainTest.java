package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole applications over a lake of three days; the logical date is the last but one. */
@Tag("slow")
class MainTest {
  private static final String USERS = "users-demographic-dm";
  private static final String EVENTS = "events-total-cnt-agg-wk-mnth-dm";
  private static final String FRIENDS = "add-to-friends-recommendations-dm";

  @TempDir private Path root;
  private final SparkSession spark = TestSession.spark();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> ended = new ArrayList<>();
  private TestLake lake;

  @BeforeEach
  void fill() {
    lake = new TestLake(root).cities();
    lake.day(
        "2022-05-01",
        new RawEvents()
            .message(1, 10, "2022-05-01T10:00:00", -33.8, 151.2)
            .message(1, 10, "2022-05-01T10:00:00", -33.8, 151.2)
            .message(2, null, "2022-05-01T10:00:00", -33.8, 151.2)
            .reaction(1, 11, "2022-05-01T11:00:00", -33.8, 151.2)
            .subscription(10, 7)
            .subscription(11, 7)
            .subscription(null, 7));
    RawEvents second =
        new RawEvents()
            .message(3, 11, "2022-05-03T10:00:00", -33.8, 151.2)
            .message(4, "eve", "2022-05-03T10:00:00", -33.8, 151.2)
            .subscription(10, 8);
    lake.day("message", "2022-05-03", second.messages(spark));
    lake.day("subscription", "2022-05-03", second.subscriptions(spark));
    lake.day("2022-05-04", new RawEvents().message(9, 12, "2022-05-04T10:00:00", 0.0, 0.0));
  }

  private ExitCode run(String datamarts, String... changed) {
    List<String> words =
        new ArrayList<>(
            Arrays.asList(
                datamarts,
                "--date",
                "2022-05-03",
                "--depth",
                "3",
                "--src",
                lake.events(),
                "--coords",
                lake.dictionary(),
                "--tgt",
                "file:" + root.resolve("marts"),
                "--processed-at",
                "2022-05-04T00:00:00Z",
                "--summary",
                "file:" + root.resolve("summary.json"),
                "--run",
                "run-1"));
    for (int i = 0; i < changed.length; i += 2) {
      words.set(words.indexOf(changed[i]) + 1, changed[i + 1]);
    }
    return Main.run(
        words.toArray(new String[0]),
        Clock.systemUTC(),
        Main::session,
        session -> ended.add(session.version()),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String error() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(root.resolve("summary.json").toFile());
  }

  private List<String> rows(String datamart, String date) {
    return spark
        .read()
        .parquet("file:" + root.resolve("marts/" + datamart + "/date=" + date))
        .collectAsList()
        .stream()
        .map(Object::toString)
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void allThreeInOneApplicationAndThenEachAgain() throws IOException {
    assertThat(run(USERS, "--date", "2022-05-04")).isEqualTo(ExitCode.SUCCESS);
    List<String> otherDate = rows(USERS, "2022-05-04");
    ended.clear();

    assertThat(run(USERS + "," + EVENTS + "," + FRIENDS)).isEqualTo(ExitCode.SUCCESS);
    assertThat(error()).isEmpty();
    assertThat(ended).hasSize(1);
    assertThat(rows(USERS, "2022-05-03")).hasSize(2);
    assertThat(rows(EVENTS, "2022-05-03"))
        .containsExactly(
            "[1,2022-04-25,2022-05-01,1,1,0,1,2,1,0,2]",
            "[1,2022-05-02,2022-05-01,1,0,0,1,2,1,0,2]");
    assertThat(rows(FRIENDS, "2022-05-03")).hasSize(2);

    JsonNode summary = summary();
    assertThat(summary.get("version").intValue()).isEqualTo(1);
    assertThat(summary.get("exitCode").intValue()).isZero();
    assertThat(summary.get("jobs")).hasSize(3);
    JsonNode friends = summary.get("jobs").get(2);
    assertThat(friends.get("job").textValue()).isEqualTo(FRIENDS);
    assertThat(friends.get("run").textValue()).isEqualTo("run-1");
    assertThat(friends.get("applicationId").textValue())
        .isEqualTo(spark.sparkContext().applicationId());
    assertThat(friends.get("window").toString())
        .isEqualTo("{\"from\":\"2022-05-01\",\"to\":\"2022-05-03\",\"days\":3}");
    assertThat(friends.get("partitionsRead").intValue()).isEqualTo(4);
    assertThat(friends.get("partitionsMissing").intValue()).isEqualTo(2);
    assertThat(friends.get("rowsRead").intValue()).isEqualTo(9);
    assertThat(friends.get("rowsDropped").intValue()).isEqualTo(3);
    assertThat(friends.get("rowsWritten").intValue()).isEqualTo(2);
    assertThat(friends.get("files").intValue()).isEqualTo(1);
    assertThat(friends.get("bytes").intValue()).isPositive();
    assertThat(friends.get("output").textValue()).endsWith(FRIENDS + "/date=2022-05-03");
    assertThat(friends.get("seconds").fieldNames())
        .toIterable()
        .containsExactly("list", "plan", "compute", "write", "total");
    JsonNode messages = friends.get("inputs").get("message");
    assertThat(messages.get("missing").toString()).isEqualTo("[\"2022-05-02\"]");
    assertThat(messages.get("rowsWithoutId").intValue()).isEqualTo(1);
    assertThat(messages.get("rowsWithBadId").intValue()).isEqualTo(1);
    JsonNode events = summary.get("jobs").get(1);
    assertThat(events.get("rowsRead").intValue()).isEqualTo(10);
    assertThat(events.get("inputs").get("reaction").get("partitionsRead").intValue()).isEqualTo(1);

    for (String datamart : new String[] {USERS, EVENTS, FRIENDS}) {
      List<String> once = rows(datamart, "2022-05-03");
      assertThat(run(datamart)).isEqualTo(ExitCode.SUCCESS);
      assertThat(rows(datamart, "2022-05-03")).isEqualTo(once);
      assertThat(summary().get("jobs").get(0).get("files").intValue()).isEqualTo(1);
    }
    assertThat(rows(USERS, "2022-05-04")).hasSize(2).isEqualTo(otherDate);
  }

  @Test
  void emptyWindowIs66AndTouchesNothing() throws IOException {
    assertThat(run(FRIENDS, "--date", "2021-05-03")).isEqualTo(ExitCode.NO_INPUT);
    assertThat(error())
        .startsWith(
            "caravan-spark-jobs: "
                + FRIENDS
                + ": no input partition in the window 2021-05-01..2021-05-03")
        .hasLineCount(1);
    assertThat(root.resolve("marts/" + FRIENDS + "/date=2021-05-03")).doesNotExist();
    assertThat(summary().get("exitCode").intValue()).isEqualTo(66);
    assertThat(summary().get("jobs").get(0).get("message").textValue()).contains("no input");
  }

  @Test
  void anAbsentColumnIs65AndStopsOnlyWhoNeedsIt() throws IOException {
    lake.day(
        "reaction",
        "2022-05-02",
        new RawEvents()
            .reaction(1, 2, "2022-05-02T00:00:00", 0.0, 0.0)
            .reactions(spark)
            .drop("lon", "datetime"));
    assertThat(run(EVENTS + "," + USERS)).isEqualTo(ExitCode.MISSING_COLUMNS);
    assertThat(error()).contains("required columns: datetime, lon").hasLineCount(1);
    assertThat(root.resolve("marts/" + EVENTS)).doesNotExist();
    assertThat(rows(USERS, "2022-05-03")).hasSize(2);
    assertThat(summary().get("jobs"))
        .extracting(job -> job.get("exitCode").intValue())
        .containsExactly(65, 0);
  }

  @Test
  void aFaultInWhatIsReadAheadIsTheFaultOfWhoNeedsIt() throws IOException {
    lake.day(
        "subscription",
        "2022-05-02",
        new RawEvents().subscription(1, 2).subscriptions(spark).drop("user"));
    assertThat(run(USERS + "," + EVENTS + "," + FRIENDS)).isEqualTo(ExitCode.MISSING_COLUMNS);
    assertThat(error())
        .contains(EVENTS + ": the file ", FRIENDS + ": the file ", "required columns: user")
        .hasLineCount(2);
    assertThat(rows(USERS, "2022-05-03")).hasSize(2);
    assertThat(summary().get("jobs"))
        .extracting(job -> job.get("exitCode").intValue())
        .containsExactly(0, 65, 65);
    assertThat(spark.sharedState().cacheManager().isEmpty()).as("all let go").isTrue();
  }

  @Test
  void anythingElseIs1() throws IOException {
    assertThat(run(USERS, "--coords", "file:" + root.resolve("nowhere")))
        .isEqualTo(ExitCode.FAILED);
    assertThat(error()).contains("failed to plan: FileNotFoundException").hasLineCount(1);
    assertThat(summary().get("exitCode").intValue()).isEqualTo(1);
    assertThat(ended).hasSize(1);
  }

  @Test
  void anUnwritableSummaryIsAFailure() throws IOException {
    Files.writeString(root.resolve("file"), "");
    assertThat(run(USERS, "--summary", "file:" + root.resolve("file/s.json")))
        .isEqualTo(ExitCode.FAILED);
    assertThat(error()).contains("can't write the summary").hasLineCount(1);
  }

  @Test
  void badArgumentsAre64BeforeSparkStarts() {
    ExitCode exit =
        Main.run(
            new String[] {"no-such-dm"},
            Clock.systemUTC(),
            arguments -> {
              throw new AssertionError("Spark was started");
            },
            session -> {},
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(exit).isEqualTo(ExitCode.USAGE);
    assertThat(error()).startsWith("caravan-spark-jobs: unknown datamart").hasLineCount(1);
  }

  @Test
  void aSessionThatCannotStartIsAFailureNotASuccess() {
    ExitCode exit =
        Main.run(
            new String[] {
              USERS,
              "--date",
              "2022-05-03",
              "--depth",
              "1",
              "--src",
              "file:/a",
              "--coords",
              "file:/b",
              "--tgt",
              "file:/c"
            },
            Clock.systemUTC(),
            arguments -> {
              throw new IllegalStateException("no master\nat all");
            },
            session -> {},
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(exit).isEqualTo(ExitCode.FAILED);
    assertThat(error())
        .isEqualTo("caravan-spark-jobs: IllegalStateException: no master" + System.lineSeparator());
  }

  @Test
  void aTimeThatIsNoneIsDroppedCountedAndStopsNothing() throws IOException {
    assertThat(run(USERS)).isEqualTo(ExitCode.SUCCESS);
    List<String> users = rows(USERS, "2022-05-03");

    RawEvents odd = new RawEvents();
    for (String time :
        new String[] {"0001-01-01T00:00:00", "9999-12-31T00:00:00", "1899-12-30T00:00:00"}) {
      odd.message(5, 10, time, -33.8, 151.2);
    }
    spark.conf().set("spark.sql.parquet.outputTimestampType", "INT96");
    try {
      RawEvents.stored(odd.messages(spark))
          .coalesce(1)
          .write()
          .mode("append")
          .parquet("file:" + lake.partition("message", "2022-05-01"));
    } finally {
      spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    }
    lake.day(
        "message",
        "2022-05-02",
        new RawEvents()
            .message(6, 10, "20220501T100000.000Z", -33.8, 151.2)
            .message(6, 10, "2022-05-02t10:00:00z", -33.8, 151.2)
            .message(6, 10, null, -33.8, 151.2)
            .messages(spark));
    assertThat(run(USERS + "," + EVENTS)).as(this::error).isEqualTo(ExitCode.SUCCESS);
    assertThat(rows(USERS, "2022-05-03")).isEqualTo(users);
    assertThat(rows(EVENTS, "2022-05-03"))
        .as("a message in basic format is one more, the others are none")
        .containsExactly(
            "[1,2022-04-25,2022-05-01,2,1,0,1,3,1,0,2]",
            "[1,2022-05-02,2022-05-01,1,0,0,1,3,1,0,2]");
    for (JsonNode job : summary().get("jobs")) {
      JsonNode messages = job.get("inputs").get("message");
      assertThat(messages.get("rowsRead").intValue()).isEqualTo(11);
      assertThat(messages.get("rowsDropped").intValue()).isEqualTo(2 + 3 + 2);
      assertThat(messages.get("rowsOutOfTimeRange").intValue()).isEqualTo(3);
      assertThat(messages.get("rowsWithBadTime").intValue()).isEqualTo(1);
      assertThat(messages.get("rowsWithoutTime").intValue()).isEqualTo(1);
    }
  }

  @Test
  void allRowsDroppedForOneCauseIs65AndTouchesNothing() throws IOException {
    for (String day : new String[] {"2022-05-01", "2022-05-03"}) {
      lake.day(
          "message",
          day,
          new RawEvents().message(1, 10, "yesterday", -33.8, 151.2).messages(spark));
    }
    assertThat(run(USERS)).isEqualTo(ExitCode.MISSING_COLUMNS);
    assertThat(error())
        .contains(
            "all 2 rows of message in the window 2022-05-01..2022-05-03 under file:",
            "are dropped for one cause, rowsWithBadTime: the time is text that is not ISO-8601")
        .hasLineCount(1);
    assertThat(root.resolve("marts/" + USERS)).doesNotExist();
    assertThat(summary().get("jobs").get(0).get("rowsDropped").intValue()).isEqualTo(2);
  }
}
