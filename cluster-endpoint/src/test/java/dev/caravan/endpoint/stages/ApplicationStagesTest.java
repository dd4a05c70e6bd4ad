package dev.caravan.endpoint.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.batches.SparkStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationStagesTest {
  private static final String ID = "application_1700000000000_0007";

  /** As Spark 3.5 writes it, cut to what matters. */
  private static final String COMPLETED =
      "{\"Event\":\"SparkListenerStageCompleted\",\"Stage Info\":{\"Stage ID\":%d,\"Stage Attempt ID\":%d,"
          + "\"Stage Name\":\"parquet at Main.java:42\",\"Number of Tasks\":8,\"RDD Info\":[{\"RDD ID\":1}],"
          + "\"Submission Time\":1700000001000,\"Completion Time\":1700000003500%s,\"Accumulables\":[]}}\n";

  private static final Instant BEGIN = Instant.ofEpochMilli(1_700_000_000_000L);

  @TempDir Path directory;

  private List<String> words(String... conf) {
    List<String> words = new ArrayList<>(List.of("/usr/bin/spark-submit", "--master", "yarn"));
    for (String each : conf) {
      words.addAll(List.of("--conf", each));
    }
    words.addAll(List.of("file.jar", "--conf", "spark.eventLog.dir=file:" + directory));
    words.addAll(List.of("--conf", "spark.eventLog.enabled=true"));
    return words;
  }

  private List<String> words() {
    return words("spark.eventLog.dir=file:" + directory, "spark.eventLog.enabled=true");
  }

  private ApplicationStages read() {
    return read(words(), Optional.of(ID));
  }

  private static ApplicationStages read(List<String> words, Optional<String> id) {
    return ApplicationStages.read(words, id, BEGIN, BEGIN.plusSeconds(60));
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(directory.resolve(name).getParent());
    Files.writeString(directory.resolve(name), text);
  }

  @Test
  void stagesAreReadInTheOrderInWhichTheyEnded() throws IOException {
    write(
        ID,
        "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.5\"}\n"
            + "{\"Event\":\"SparkListenerStageSubmitted\",\"Stage Info\":{\"Stage ID\":0}}\n"
            + COMPLETED.formatted(1, 0, ",\"Failure Reason\":\"Job aborted\"")
            + COMPLETED.formatted(1, 1, "")
            + "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":1700000009000}\n");

    ApplicationStages known = read();

    assertThat(known.reason()).isEmpty();
    assertThat(known.stages())
        .containsExactly(
            new SparkStage(
                1,
                0,
                "parquet at Main.java:42",
                Optional.of(Instant.ofEpochMilli(1_700_000_001_000L)),
                Optional.of(Instant.ofEpochMilli(1_700_000_003_500L)),
                8,
                Optional.of("Job aborted")),
            new SparkStage(
                1,
                1,
                "parquet at Main.java:42",
                Optional.of(Instant.ofEpochMilli(1_700_000_001_000L)),
                Optional.of(Instant.ofEpochMilli(1_700_000_003_500L)),
                8,
                Optional.empty()));
  }

  @Test
  void applicationThatWasKilledHasWhatItHadWritten() throws IOException {
    String cut = COMPLETED.formatted(2, 0, "");
    write(ID + ".inprogress", COMPLETED.formatted(1, 0, "") + cut.substring(0, cut.length() / 2));

    assertThat(read().stages()).extracting(SparkStage::id).containsExactly(1);
  }

  @Test
  void rolledLogIsReadInItsOrder() throws IOException {
    for (int part : List.of(10, 2, 1)) {
      write("eventlog_v2_" + ID + "/events_" + part + "_" + ID, COMPLETED.formatted(part, 0, ""));
    }
    write("eventlog_v2_" + ID + "/events_x_" + ID, COMPLETED.formatted(99, 0, ""));
    write("eventlog_v2_" + ID + "/appstatus_" + ID, "");

    assertThat(read().stages()).extracting(SparkStage::id).containsExactly(1, 2, 10);
  }

  @Test
  void whatIsKeptIsBounded() throws IOException {
    StringBuilder log = new StringBuilder();
    String huge = COMPLETED.formatted(0, 0, "").replace("[]", "[" + " ".repeat(2_000_000) + "]");
    log.append(huge);
    for (int i = 1; i <= EventLogReader.MOST_STAGES + 5; i++) {
      log.append(COMPLETED.formatted(i, 0, ""));
    }
    write(ID, log.toString());

    ApplicationStages known = read();

    assertThat(known.stages()).hasSize(EventLogReader.MOST_STAGES);
    assertThat(known.stages().get(0).id()).as("the huge one is left out").isEqualTo(1);
    assertThat(known.reason()).isPresent();
  }

  @Test
  void lineThatIsNoJsonIsLeftOut() throws IOException {
    write(
        ID,
        "{\"Event\":\"SparkListenerStageCompleted\",\"Stage In\n" + COMPLETED.formatted(1, 0, ""));

    assertThat(read().stages()).extracting(SparkStage::id).containsExactly(1);
    assertThat(read().reason()).isPresent();
  }

  @Test
  void withoutALogTheReasonIsSaid() {
    assertThat(read(words(), Optional.of(ID)).reason().orElseThrow()).contains(ID);
    assertThat(read(words(), Optional.empty()).reason()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.eventLog.dir=s3a://lake/event-logs",
        "spark.eventLog.dir=hdfs:///logs",
        "spark.eventLog.dir=logs"
      })
  void logThatIsNotOnThisMachineIsNotRead(String elsewhere) {
    ApplicationStages known =
        read(words(elsewhere, "spark.eventLog.enabled=true"), Optional.of(ID));

    assertThat(known.stages()).isEmpty();
    assertThat(known.reason().orElseThrow()).contains("spark.eventLog.dir");
  }

  /**
   * Spark's default is no event log, whatever its directory; and a job's own words are no settings.
   */
  @Test
  void directoryAloneIsNoLog() throws IOException {
    write(ID, COMPLETED.formatted(1, 0, ""));
    assertThat(read(words("spark.eventLog.dir=" + directory), Optional.of(ID)).stages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:", "file://", ""})
  void directoryOfThisMachineMayBeWrittenInEachForm(String scheme) throws IOException {
    write(ID, COMPLETED.formatted(1, 0, ""));
    List<String> words =
        words("spark.eventLog.dir=" + scheme + directory, "spark.eventLog.enabled=true");
    assertThat(read(words, Optional.of(ID)).stages()).hasSize(1);
  }

  @Test
  void nothingOutsideTheDirectoryIsRead() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), COMPLETED.formatted(1, 0, ""));
    Path inner = Files.createDirectory(directory.resolve("logs"));
    Files.createSymbolicLink(inner.resolve(ID), secret);
    List<String> words = words("spark.eventLog.dir=file:" + inner, "spark.eventLog.enabled=true");

    assertThat(read(words, Optional.of(ID)).stages()).isEmpty();
    assertThat(read(words, Optional.of("../secret")).stages()).isEmpty();
  }

  @Test
  void applicationOfALocalMasterIsFoundByTheTimeThatItsIdIs() throws IOException {
    write("local-1699999999999", COMPLETED.formatted(8, 0, ""));
    write("local-1700000000000", COMPLETED.formatted(1, 0, ""));
    write("local-1700000060001", COMPLETED.formatted(9, 0, ""));
    assertThat(read(words(), Optional.empty()).stages())
        .extracting(SparkStage::id)
        .containsExactly(1);

    write("local-1700000030000.inprogress", COMPLETED.formatted(2, 0, ""));
    assertThat(read(words(), Optional.empty()).stages()).as("which one isn't known").isEmpty();
  }
}
