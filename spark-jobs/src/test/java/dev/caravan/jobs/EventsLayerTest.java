package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole applications that make the events layer of three days, the last of them 2022-05-03. */
@Tag("slow")
class EventsLayerTest {
  @TempDir private Path root;
  private final SparkSession spark = TestSession.spark();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ExitCode run(String job, String src, String tgt, String... further) {
    List<String> words = new ArrayList<>(List.of(job, "--date", "2022-05-03", "--depth", "3"));
    words.addAll(List.of("--src", "file:" + root.resolve(src)));
    words.addAll(List.of("--tgt", "file:" + root.resolve(tgt)));
    words.addAll(List.of("--summary", "file:" + root.resolve("summary.json")));
    words.addAll(List.of(further));
    return Main.run(
        words.toArray(new String[0]),
        Clock.systemUTC(),
        Main::session,
        session -> {},
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private ExitCode layer() {
    return run("events-layer", "raw", "events");
  }

  private void raw(String file, String... lines) throws IOException {
    Path path = root.resolve("raw").resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, Arrays.asList(lines));
  }

  private static String message(long id, long from, String time) {
    return """
        {"event":{"message_id":%d,"message_from":%d,"message_to":99,"message_ts":"%s"},"event_type":"message","lat":-33.8,"lon":151.2}"""
        .formatted(id, from, time);
  }

  private static String reaction(String from, String time) {
    return """
        {"event":{"message_id":1,"reaction_from":"%s","datetime":"%s"},"event_type":"reaction","lat":-33.8,"lon":151.2}"""
        .formatted(from, time);
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(root.resolve("summary.json").toFile()).get("jobs").get(0);
  }

  /** Partitions with data, and how many files each has. */
  private List<String> partitions() throws IOException {
    Path events = root.resolve("events");
    try (Stream<Path> files = Files.walk(events)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".parquet"))
          .map(file -> events.relativize(file.getParent()).toString())
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private List<String> rows(String path, String... columns) {
    return spark
        .read()
        .parquet("file:" + root.resolve(path))
        .selectExpr(columns)
        .collectAsList()
        .stream()
        .map(Object::toString)
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void rawEventsBecomePartitionsRejectsAndThenADatamart() throws IOException {
    raw(
        "date=2022-05-01/a.json",
        message(1, 10, "2022-05-01T10:00:00.75"),
        message(2, 11, "2022-05-01T11:00:00"),
        "{\"event\":",
        reaction("10", "2022-05-01T12:00:00"));
    raw("date=2022-05-02/b.json", reaction("10", "2022-05-02T12:00:00"), "{}");
    raw("date=2022-05-04/c.json", message(3, 12, "2022-05-04T10:00:00"));
    raw(
        "late/d.json",
        message(4, 13, "2022-05-03T10:00:00"),
        message(5, 14, "2021-05-03T10:00:00"));

    assertThat(layer()).as(err::toString).isEqualTo(ExitCode.SUCCESS);
    List<String> expected =
        List.of(
            "_rejected/date=2022-05-03",
            "event_type=message/date=2022-05-01",
            "event_type=message/date=2022-05-03",
            "event_type=reaction/date=2022-05-01",
            "event_type=reaction/date=2022-05-02");
    assertThat(partitions()).isEqualTo(expected);
    assertThat(rows("events/event_type=message/date=2022-05-01", "message_id", "message_ts"))
        .containsExactly("[1,2022-05-01 10:00:00.0]", "[2,2022-05-01 11:00:00.0]");
    assertThat(
            rows(
                "events/_rejected/date=2022-05-03",
                "reason",
                "record",
                "substring_index(file, '/', -2)"))
        .containsExactly(
            "[not one JSON object with an event,{\"event\":,date=2022-05-01/a.json]",
            "[not one JSON object with an event,{},date=2022-05-02/b.json]");
    JsonNode summary = summary();
    assertThat(summary.get("partitionsRead").intValue()).isEqualTo(3);
    assertThat(summary.get("partitionsMissing").intValue()).isEqualTo(1);
    assertThat(summary.get("rowsRead").intValue()).isEqualTo(8);
    assertThat(summary.get("rowsDropped").intValue()).isEqualTo(3);
    assertThat(summary.get("rowsWritten").intValue()).isEqualTo(5);
    assertThat(summary.get("files").intValue()).isEqualTo(4);
    assertThat(summary.get("committer").textValue()).isEqualTo("file");
    assertThat(summary.get("rejected").textValue()).endsWith("events/_rejected/date=2022-05-03");
    assertThat(summary.get("reasons").toString())
        .isEqualTo("{\"not one JSON object with an event\":2}");
    JsonNode work = summary.get("spark");
    assertThat(work.get("failedTasks").intValue()).isZero();
    assertThat(work.get("cpuSeconds").doubleValue()).isPositive();
    assertThat(work.get("tasks").intValue()).isGreaterThan(3);
    assertThat(work.get("inputRows").intValue()).isGreaterThanOrEqualTo(8);
    assertThat(work.get("outputRows").intValue()).isEqualTo(5 + 2);
    assertThat(work.get("shuffleReadBytes").longValue())
        .isPositive()
        .isEqualTo(work.get("shuffleWriteBytes").longValue());
    JsonNode input = summary.get("inputs").get("raw");
    assertThat(input.get("missing").toString()).isEqualTo("[\"2022-05-03\"]");
    assertThat(input.get("rowsRejected").intValue()).isEqualTo(2);
    assertThat(input.get("rowsOutsideWindow").intValue()).isEqualTo(1);

    assertThat(layer()).isEqualTo(ExitCode.SUCCESS);
    assertThat(partitions()).isEqualTo(expected);

    TestLake lake = new TestLake(root).cities();
    assertThat(
            run(
                "events-total-cnt-agg-wk-mnth-dm",
                "events",
                "marts",
                "--coords",
                lake.dictionary()))
        .as(err::toString)
        .isEqualTo(ExitCode.SUCCESS);
    assertThat(
            rows(
                "marts/events-total-cnt-agg-wk-mnth-dm/date=2022-05-03",
                "week_message",
                "week_reaction",
                "week_user"))
        .containsExactly("[1,1,1]", "[2,1,2]");
  }

  @Test
  void aDayIsReplacedOnceItHasAnEventAndElseLeftAlone() throws IOException {
    raw("date=2022-05-01/a.json", message(1, 10, "2022-05-01T10:00:00"));
    raw(
        "date=2022-05-02/a.json",
        message(2, 10, "2022-05-02T10:00:00"),
        reaction("10", "2022-05-02T10:00:00"));
    raw("date=2022-05-03/a.json", message(3, 10, "2022-05-03T10:00:00"));
    assertThat(layer()).isEqualTo(ExitCode.SUCCESS);

    Files.delete(root.resolve("raw/date=2022-05-01/a.json"));
    raw("date=2022-05-02/a.json", message(4, 10, "2022-05-02T10:00:00"));
    raw("date=2022-05-03/a.json", "broken");
    assertThat(layer()).isEqualTo(ExitCode.SUCCESS);
    assertThat(rows("events/event_type=message", "message_id", "date"))
        .containsExactly("[1,2022-05-01]", "[3,2022-05-03]", "[4,2022-05-02]");
    assertThat(partitions()).doesNotContain("event_type=reaction/date=2022-05-02");

    Files.delete(root.resolve("raw/date=2022-05-02/a.json"));
    assertThat(layer()).isEqualTo(ExitCode.MISSING_COLUMNS);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("events-layer: none of 1 raw records can be read; they are in file:")
        .hasLineCount(1);
    assertThat(rows("events/event_type=message", "message_id")).hasSize(3);
    assertThat(rows("events/_rejected/date=2022-05-03", "record")).containsExactly("[broken]");

    Files.delete(root.resolve("raw/date=2022-05-03/a.json"));
    raw("old.json", message(5, 10, "2021-05-03T10:00:00"));
    assertThat(layer()).isEqualTo(ExitCode.NO_INPUT);
    assertThat(summary().get("message").textValue())
        .startsWith("none of 1 raw records under file:");
    Files.delete(root.resolve("raw/old.json"));
    assertThat(layer()).isEqualTo(ExitCode.NO_INPUT);
    assertThat(summary().get("message").textValue()).contains("no raw events for the window");
    assertThat(rows("events/event_type=message", "message_id")).hasSize(3);
  }

  @Test
  void aCutFileIsNamedAndTheRestIsReadWithoutIt() throws IOException {
    raw("date=2022-05-01/a.json", message(1, 10, "2022-05-01T10:00:00"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gz = new GZIPOutputStream(packed)) {
      Random random = new Random(1);
      for (int i = 0; i < 5000; i++) {
        gz.write((message(random.nextLong(), i, "2022-05-02T10:00:00") + "\n").getBytes(UTF_8));
      }
    }
    Path cut = root.resolve("raw/date=2022-05-02/b c.json.gz");
    Files.createDirectories(cut.getParent());
    Files.write(cut, Arrays.copyOf(packed.toByteArray(), packed.size() - 1000));

    assertThat(layer()).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(UTF_8))
        .contains(
            "failed to write: can't read the file file:" + cut + "; if it is damaged,",
            "or rename it to begin with '_': EOFException: Unexpected end of input stream")
        .hasLineCount(1);
    assertThat(root.resolve("events")).doesNotExist();

    Files.move(cut, cut.resolveSibling("_b"));
    assertThat(layer()).isEqualTo(ExitCode.SUCCESS);
    assertThat(rows("events/event_type=message", "message_id")).containsExactly("[1]");
  }

  @Test
  void whatIsRejectedCanBeReadByOthersAndEverythingAddsUp() throws IOException {
    Path file = root.resolve("raw/date=2022-05-01/a%20b[1].json");
    Files.createDirectories(file.getParent());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String good = message(1, 10, "2022-05-01T10:00:00");
    bytes.write((good + "\n" + good + "][" + good + "\nb").getBytes(UTF_8));
    bytes.write(new byte[] {(byte) 0xc3, (byte) 0x28, 'd'});
    bytes.write(("\n" + message(1, 10, "0001-01-01T00:00:00")).getBytes(UTF_8));
    Files.write(file, bytes.toByteArray());

    assertThat(layer()).as(err::toString).isEqualTo(ExitCode.SUCCESS);
    assertThat(rows("events/_rejected/date=2022-05-03", "record", "file"))
        .contains("[b\ufffd(d,file:" + file + "]")
        .hasSize(3);
    for (Row row :
        spark
            .read()
            .parquet("file:" + root.resolve("events/_rejected/date=2022-05-03"))
            .selectExpr("cast(record as binary)")
            .collectAsList()) {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(row.<byte[]>getAs(0)));
    }
    JsonNode summary = summary();
    assertThat(summary.get("rowsRead").intValue()).isEqualTo(4);
    assertThat(summary.get("rowsWritten").intValue()).isEqualTo(1);
    assertThat(summary.get("reasons").toString())
        .isEqualTo(
            "{\"not one JSON object with an event\":2,\"message_ts lies outside the years 1900 to 2100\":1}");
  }
}
