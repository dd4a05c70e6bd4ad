package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.ListedFiles;
import dev.caravan.jobs.sample.ParquetFiles;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of raw records, one rule each: read from files and parsed. */
@Tag("slow")
class RawRecordsTest {
  private static final String GOOD =
      """
      {"event":{"message_id":1,"message_from":10,"datetime":"2022-05-01T10:00:00"},"event_type":"message"}""";

  @TempDir private Path raw;
  private final SparkSession spark = TestSession.spark();

  private Dataset<Row> parsed() throws IOException {
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path("file:" + raw);
    RawFiles files =
        RawFiles.under(
            root,
            FileSystem.getLocal(new Configuration(false)),
            new DateWindow(LocalDate.of(2022, 5, 2), 2));
    return new ParsedEventsTransform().apply(new RawReader(spark).read(files)).orderBy("record");
  }

  private void lines(String file, String... lines) throws IOException {
    Path path = raw.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, Arrays.asList(lines));
  }

  /** Each record's reason, or its value of a column. */
  private Map<String, Object> outcomes(String column, String... records) throws IOException {
    lines("events.json", records);
    Map<String, Object> outcomes = new HashMap<>();
    for (Row row : parsed().select("record", "reason", column).collectAsList()) {
      outcomes.put(row.getString(0), row.isNullAt(1) ? String.valueOf(row.get(2)) : row.get(1));
    }
    assertThat(outcomes).containsOnlyKeys(records);
    return outcomes;
  }

  private static String message(String fields) {
    return "{\"event\":{\"datetime\":\"2022-05-01T10:00:00\","
        + fields
        + "},\"event_type\":\"message\"}";
  }

  @Test
  void everyFieldFindsItsColumn() throws IOException {
    lines(
        "events.json",
        """
        {"event":{"admins":[7,"8",null],"channel_id":5,"datetime":"2022-05-01 10:00:00.5","media":{"media_type":"image","src":"http://a/b"},\
        "message":"hi, \\"you\\"","message_channel_to":6,"message_from":"10","message_group":9,"message_id":1,"message_to":11,\
        "message_ts":"2022-05-01T23:59:59.987654+03:00","reaction_from":"r","reaction_type":"like","subscription_channel":12,\
        "subscription_user":"s","tags":["a","b"],"user":"u"},"event_type":"message","lat":-33.5,"lon":"151.25"}""");
    Row row = parsed().drop("record", "file").collectAsList().get(0);
    assertThat(row.<Object>getAs("reason")).isNull();
    assertThat(row.getList(row.fieldIndex("admins"))).containsExactly(7L, 8L, null);
    assertThat(row.getList(row.fieldIndex("tags"))).containsExactly("a", "b");
    assertThat(row.<Object>getAs("message_ts")).isEqualTo(RawEvents.utc("2022-05-01T20:59:59"));
    assertThat(row.<Object>getAs("datetime")).isEqualTo(RawEvents.utc("2022-05-01T10:00:00.5"));
    assertThat(row.<Object>getAs("date")).hasToString("2022-05-01");
    assertThat(
            List.of(
                "message_id", "message_from", "message_to", "message_channel_to", "message_group"))
        .extracting(row::<Object>getAs)
        .containsExactly(1L, 10L, 11L, 6L, 9L);
    assertThat(List.of("channel_id", "subscription_channel", "lat", "lon"))
        .extracting(row::<Object>getAs)
        .containsExactly(5L, 12L, -33.5, 151.25);
    assertThat(
            List.of(
                "event_type",
                "message",
                "media_type",
                "media_src",
                "reaction_from",
                "reaction_type",
                "user",
                "subscription_user"))
        .extracting(row::<Object>getAs)
        .containsExactly("message", "hi, \"you\"", "image", "http://a/b", "r", "like", "u", "s");
  }

  @Test
  void whatIsNotOneObjectWithAnEventIsRejectedWhole() throws IOException {
    String[] broken = {
      GOOD + GOOD,
      GOOD + "," + GOOD,
      "[" + GOOD + "]",
      GOOD + " tail",
      GOOD.substring(0, GOOD.length() - 1),
      GOOD.substring(10),
      "\"text\"",
      "12",
      "null",
      "{}",
      "{\"event_type\":\"message\"}",
      "{\"event\":null,\"event_type\":\"message\"}",
      "{\"event\":\"message\",\"event_type\":\"message\"}",
      "{\"event\":[1],\"event_type\":\"message\"}",
    };
    lines("events.json", broken);
    List<Row> rows = parsed().select("reason", "record").collectAsList();
    assertThat(rows).extracting(row -> row.getString(1)).containsExactlyInAnyOrder(broken);
    assertThat(rows)
        .extracting(row -> row.getString(0))
        .containsOnly("not one JSON object with an event");
  }

  @Test
  void blankLinesAreNoRecords() throws IOException {
    lines("events.json", "", GOOD, "  ", "\t");
    assertThat(parsed().select("reason", "record").collectAsList())
        .singleElement()
        .hasToString("[null," + GOOD + "]");
  }

  @Test
  void theTypeMustBeOneOfThree() throws IOException {
    String none = "{\"event\":{\"datetime\":\"2022-05-01\"}}";
    String unknown = GOOD.replace("\"message\"", "\"Message\"");
    assertThat(outcomes("date", none, unknown))
        .containsEntry(none, "no event_type")
        .containsEntry(unknown, "unknown event_type");
  }

  @Test
  void aNumberMayStandAsTextOrFractionButMustBeWhole() throws IOException {
    Map<String, String> expected = new HashMap<>();
    for (String id : List.of("12", "\"12\"", "12.0", "1.2E1", "\"12.000\"")) {
      expected.put(message("\"message_id\":" + id), "12");
    }
    expected.put(message("\"message_id\":null"), "null");
    expected.put(message("\"message_id\":9223372036854775807"), "9223372036854775807");
    for (String id : List.of("12.5", "\"x\"", "\"\"", "9223372036854775808", "[1]", "true")) {
      expected.put(message("\"message_id\":" + id), "message_id is not a 64-bit integer");
    }
    assertThat(outcomes("message_id", expected.keySet().toArray(new String[0])))
        .isEqualTo(expected);
  }

  @Test
  void otherFieldsOfAWrongKindAreNamed() throws IOException {
    Map<String, String> expected = new HashMap<>();
    expected.put(message("\"admins\":[1,\"x\"]"), "admins is not a list of numbers");
    expected.put(message("\"admins\":3"), "admins is not a list of numbers");
    expected.put(message("\"tags\":\"a\""), "tags is not a list");
    expected.put(message("\"tags\":{\"a\":1}"), "tags is not a list");
    expected.put(message("\"media\":\"a\""), "media is not an object");
    expected.put(message("\"message_ts\":\"10:00:00\""), "message_ts is not a time in ISO-8601");
    expected.put(message("\"message_ts\":1651399200"), "message_ts is not a time in ISO-8601");
    expected.put(GOOD.replace("2022-05-01T", "01.05.2022 "), "datetime is not a time in ISO-8601");
    expected.put(GOOD.replace("{\"event\"", "{\"lat\":\"north\",\"event\""), "lat is not a number");
    assertThat(outcomes("date", expected.keySet().toArray(new String[0]))).isEqualTo(expected);
  }

  @Test
  void anEventNeedsTheTimeOfItsKind() throws IOException {
    String onlyTs = "{\"event\":{\"message_ts\":\"2022-05-01T10:00:00\"},\"event_type\":\"%s\"}";
    String message = onlyTs.formatted("message");
    String reaction = onlyTs.formatted("reaction");
    String subscription = "{\"event\":{},\"event_type\":\"subscription\"}";
    assertThat(outcomes("date", message, reaction, subscription))
        .containsEntry(message, "2022-05-01")
        .containsEntry(reaction, "no time")
        .containsEntry(subscription, "no time");
  }

  @Test
  void theFolderTellsTheDayAndOtherDaysAreNotRead() throws IOException {
    lines("date=2022-05-02/hour=1/part.json", GOOD);
    lines("2022/date=2022-05-01/x", GOOD.replace("\"message_id\":1", "\"message_id\":2"));
    lines("date=2022-05-03/part.json", GOOD);
    lines("date=2022-04-30/part.json", GOOD);
    lines("date=soon/part.json", GOOD.replace("\"message_id\":1", "\"message_id\":3"));
    lines("_tmp/part.json", GOOD);
    lines("date=2022-05-02/.hidden.json", GOOD);
    assertThat(parsed().select("message_id", "date").collectAsList())
        .extracting(Row::toString)
        .containsExactlyInAnyOrder("[1,2022-05-02]", "[2,2022-05-01]", "[3,2022-05-01]");
  }

  @Test
  void parquetIsReadLikeJsonWhateverItsTypes() throws IOException {
    write(
        "date=2022-05-01/a.parquet",
        "select named_struct('message_id', 1.0D, 'message_from', 10, 'message_ts', timestamp'2022-05-01 10:00:00.7',"
            + " 'media', named_struct('media_type', 'image', 'src', 'x'), 'admins', array(3L), 'tags', array('t')) event,"
            + " 'message' event_type, 1.5F lat, cast(null as double) lon, 'kept' further");
    write(
        "date=2022-05-02/b.parquet",
        "select named_struct('user', 'u', 'subscription_channel', '7', 'datetime', '2022-05-02T00:00:00') event,"
            + " 'subscription' event_type");
    write(
        "date=2022-05-02/c.parquet",
        "select if(id = 0, null, named_struct('user', 'u')) event, 'message' event_type, 2.5D alien from range(1)");
    List<Row> rows =
        parsed()
            .selectExpr(
                "reason",
                "message_id",
                "message_ts",
                "media_src",
                "admins[0]",
                "tags[0]",
                "lat",
                "user",
                "subscription_channel")
            .collectAsList();
    assertThat(rows)
        .extracting(Row::toString)
        .containsExactlyInAnyOrder(
            "[null,1,2022-05-01 10:00:00.0,x,3,t,1.5,null,null]",
            "[null,null,null,null,null,null,null,u,7]",
            "[not one JSON object with an event,null,null,null,null,null,null,null,null]");
    assertThat(parsed().filter("reason is not null").select("record").first().getString(0))
        .isEqualTo("{\"event_type\":\"message\",\"alien\":2.5}");
  }

  private void write(String file, String sql) {
    spark.sql(sql).coalesce(1).write().parquet("file:" + raw.resolve(file));
  }

  @Test
  void parquetWithoutAnEventIsRefused() {
    write("a.parquet", "select 1 event, 'message' event_type");
    assertThatThrownBy(this::parsed)
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("event (a struct), event_type; they have struct<event:int");
  }

  @Test
  void everyFileIsReadOnceAsItselfWhateverItsName() throws IOException {
    List<String> names =
        List.of("e[1]", "e1", "{a}", "*", "e?", "with blank", "100%25", "a,b", "\u00fc", "#+&", "");
    List<String> expected = new ArrayList<>();
    for (String name : names) {
      for (String ending : List.of(".json", ".parquet")) {
        String file = "in [x]/" + name + ending;
        expected.add(raw.resolve(file).toString());
        if (ending.equals(".json")) {
          lines(file, GOOD);
        } else if (!name.isEmpty()) {
          ParquetFiles.write(
              raw.resolve(file),
              "optional group event { optional int64 message_id; } optional binary event_type (STRING);",
              List.of(Map.of("event", Map.of("message_id", 1L), "event_type", "message")));
        }
      }
    }
    expected.removeIf(file -> file.endsWith("/.parquet") || file.endsWith("/.json"));
    assertThat(
            parsed().select(ListedFiles.NAME.apply(col("file"))).collectAsList().stream()
                .map(row -> row.getString(0).replace("file:", "")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whatFollowsAnObjectIsNotLost() throws IOException {
    String[] broken = {
      GOOD + "][" + GOOD,
      GOOD + "] " + GOOD,
      GOOD + "] garbage",
      GOOD + "]",
      GOOD + " ]",
      GOOD + "}",
      GOOD + ",",
      "{\"a\":\"}\"}]" + GOOD,
    };
    lines("events.json", broken);
    String quoted = GOOD.replace("\"message_id\":1", "'x':'}][{',\"y\":\"\\\"]}\"");
    lines("good.json", quoted, " " + GOOD + "\t ");
    assertThat(parsed().select("reason").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder(
            Stream.concat(Stream.of(null, null), Stream.of(broken).map(line -> RawLine.NO_OBJECT))
                .toArray(String[]::new));
  }

  @Test
  void aDocumentOverSeveralLinesIsRejectedWhole() throws IOException {
    lines("mark.json", "\ufeff[", GOOD, "]");
    lines("array.json", "", "[", GOOD + ",", GOOD, "]");
    lines("inline.json", "[" + GOOD + ",", GOOD + "]", GOOD);
    lines("wrapped.json", "{\"records\": [", GOOD + ",", GOOD, "]}");
    lines("lines.json", "[" + GOOD + "]", GOOD, "{\"event\":", GOOD);
    try (OutputStream gz = new GZIPOutputStream(Files.newOutputStream(raw.resolve("a.json.gz")))) {
      gz.write(("[\n" + GOOD + "\n]").getBytes(StandardCharsets.UTF_8));
    }
    Map<String, Long> accepted = new HashMap<>();
    for (Row row : parsed().filter("reason is null").groupBy("file").count().collectAsList()) {
      accepted.put(row.getString(0).replaceAll(".*/", ""), row.getLong(1));
    }
    assertThat(accepted).containsExactly(Map.entry("lines.json", 2L));
    assertThat(parsed().filter("reason like '%over several lines'").count())
        .isEqualTo(3 + 4 + 3 + 4 + 3);
  }

  @Test
  void timesThatNoEventCanHaveAreRejectedAndOtherFormsAreRead() throws IOException {
    String basic = GOOD.replace("2022-05-01T10:00:00", "20220501T100000.5Z");
    String first = GOOD.replace("2022-05-01T", "0001-01-01T");
    String last = GOOD.replace("2022-05-01T", "9999-12-31T");
    String lower = GOOD.replace("01T10:00:00", "01t10:00:00z");
    assertThat(outcomes("datetime", basic, first, last, lower))
        .containsEntry(basic, "2022-05-01 10:00:00.5")
        .containsEntry(first, "datetime lies outside the years 1900 to 2100")
        .containsEntry(last, "datetime lies outside the years 1900 to 2100")
        .containsEntry(lower, "datetime is not a time in ISO-8601");
  }

  @Test
  void parquetFilesOfDifferentTypesAreReadBesideEachOther() throws IOException {
    String columns =
        "optional group event { optional %s message_id %s; optional int64 message_ts %s; optional int32 tags;"
            + " optional binary message (STRING); }"
            + " optional binary event_type (STRING); optional int64 strange (TIME(NANOS,true));";
    long second = 1_651_399_200L;
    ParquetFiles.write(
        raw.resolve("nanos.parquet"),
        columns.formatted("int64", "", "(TIMESTAMP(NANOS,false))"),
        List.of(
            Map.of(
                "event",
                Map.of("message_id", 1L, "message_ts", second * 1_000_000_000 + 1),
                "event_type",
                "message")));
    ParquetFiles.write(
        raw.resolve("text.parquet"),
        columns.formatted("binary", "(STRING)", "(TIMESTAMP(MILLIS,true))"),
        List.of(
            Map.of(
                "event",
                Map.of("message_id", "2", "message_ts", second * 1000),
                "event_type",
                "message"),
            Map.of(
                "event",
                Map.of("message_id", "3", "message_ts", Long.MAX_VALUE),
                "event_type",
                "message")));
    write("no-event.parquet", "select 'x' alone");
    lines("events.json", GOOD.replace("\"message_id\":1", "\"message_id\":4"));
    assertThat(
            parsed()
                .selectExpr(
                    "coalesce(reason, concat(message_id, ' ', coalesce(message_ts, datetime)))")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder(
            "1 2022-05-01 10:00:00",
            "2 2022-05-01 10:00:00",
            "message_ts lies outside the years 1900 to 2100",
            "4 2022-05-01 10:00:00",
            RawLine.NO_OBJECT);
  }
}
