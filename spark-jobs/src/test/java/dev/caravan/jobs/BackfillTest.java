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
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several logical dates in one application, beside an application for each. */
@Tag("slow")
class BackfillTest {
  private static final LocalDate FIRST = LocalDate.of(2022, 5, 1);
  private static final String ALL =
      "users-demographic-dm,events-total-cnt-agg-wk-mnth-dm,add-to-friends-recommendations-dm";

  @TempDir private Path root;
  private final SparkSession spark = TestSession.spark();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ExitCode run(String dates, String target) {
    return Main.run(
        new String[] {
          ALL,
          "--date",
          dates,
          "--depth",
          "3",
          "--src",
          "file:" + root.resolve("events"),
          "--coords",
          "file:" + root.resolve("cities"),
          "--tgt",
          "file:" + root.resolve(target),
          "--processed-at",
          "2022-06-01T00:00:00Z",
          "--summary",
          "file:" + summary(target)
        },
        Clock.systemUTC(),
        Main::session,
        session -> {},
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Path summary(String target) {
    return root.resolve(target + ".json");
  }

  private JsonNode jobs(String target) throws IOException {
    return new ObjectMapper().readTree(summary(target).toFile()).get("jobs");
  }

  private List<String> rows(String target) {
    return Arrays.stream(ALL.split(","))
        .flatMap(
            datamart ->
                spark
                    .read()
                    .parquet("file:" + root.resolve(target + "/" + datamart))
                    .collectAsList()
                    .stream()
                    .map(row -> datamart + row))
        .sorted()
        .collect(Collectors.toList());
  }

  /** Six days; copies of some messages lie in the partition of the day after. */
  private TestLake fill() {
    TestLake lake = new TestLake(root).cities();
    Random random = new Random(5);
    for (int day = 0; day < 6; day++) {
      RawEvents events = new RawEvents();
      String date = FIRST.plusDays(day).toString();
      for (int i = 0; i < 20; i++) {
        String time = FIRST.plusDays(day - (i % 5 == 0 ? 1 : 0)) + "T10:00:0" + i % 10;
        Double lat = i % 7 == 0 ? null : Double.valueOf(-33.8 - 4 * random.nextInt(2));
        events.message(i % 4, i == 3 ? "eve" : random.nextInt(5), time, lat, 151.2);
        events.direct(i, random.nextInt(3), random.nextInt(3), time, lat, 151.2);
        events.reaction(i % 4, random.nextInt(5), time, -33.8, 151.2);
        events.subscription(i == 4 ? null : random.nextInt(5), random.nextInt(2), time, lat, 151.2);
      }
      lake.day(date, events);
    }
    return lake;
  }

  // Our own savings: the other Spark's module leaves it out.
  @Tag("newest-spark-alone")
  @Test
  void theSameRowsAndCountsAsOneDateAfterTheOtherFromFewerRowsRead() throws IOException {
    fill();
    assertThat(run("2022-05-04..2022-05-05", "together")).isEqualTo(ExitCode.SUCCESS);
    long apart = 0;
    for (int day = 4; day <= 5; day++) {
      assertThat(run("2022-05-0" + day, "apart")).isEqualTo(ExitCode.SUCCESS);
      for (int job = 0; job < 3; job++) {
        JsonNode alone = jobs("apart").get(job);
        JsonNode among = jobs("together").get(3 * (day - 4) + job);
        apart += storedRows(alone);
        for (String same :
            new String[] {
              "job",
              "window",
              "exitCode",
              "partitionsRead",
              "rowsRead",
              "rowsDropped",
              "rowsWritten",
              "inputs"
            }) {
          assertThat(among.get(same)).as(same).isEqualTo(alone.get(same));
        }
        assertThat(among.get("rowsDropped").longValue()).isPositive();
      }
    }
    assertThat(rows("together")).hasSizeGreaterThan(15).isEqualTo(rows("apart"));

    long together = 0;
    for (JsonNode job : jobs("together")) {
      together += storedRows(job);
    }
    // What is read from memory counts as rows, too, though in batches.
    assertThat(together).isGreaterThan(4 * (40 + 20 + 20)).isLessThan(apart);
    assertThat(spark.sharedState().cacheManager().isEmpty()).as("all let go").isTrue();
  }

  private static long storedRows(JsonNode job) {
    return job.get("spark").get("inputRows").longValue();
  }

  @Test
  void aDateThatCanNotBeMadeDoesNotStopTheOthers() throws IOException {
    TestLake lake = fill();
    lake.day(
        "subscription",
        "2022-05-02",
        new RawEvents().subscription(1, 2).subscriptions(spark).drop("user"));

    assertThat(run("2022-05-04..2022-05-05", "marts")).isEqualTo(ExitCode.MISSING_COLUMNS);

    assertThat(jobs("marts"))
        .extracting(job -> job.get("exitCode").intValue())
        .containsExactly(0, 65, 65, 0, 0, 0);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("events-total-cnt-agg-wk-mnth-dm of 2022-05-04: ")
        .hasLineCount(2);
  }
}
