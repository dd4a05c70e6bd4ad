package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.pipelines.PipelineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TakeUpEditsTest {
  private static final String GOOD = "{ cluster: main, jobs: { mart: { file: /jobs/mart.py } } }";

  @RegisterExtension final Stage stage = new Stage();
  @TempDir Path directory;
  private PipelineFiles files;
  private String file;
  private TakeUpEdits takeUpEdits;

  @BeforeEach
  void create() throws IOException {
    file = stage.pipeline + ".yaml";
    write(GOOD);
    files = PipelineFiles.read(directory, PipelineParser.ofSnapshots());
    takeUpEdits = new TakeUpEdits(stage.journal, files);
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private List<Alarm> alarms() {
    return stage.journal.alarms().raised().stream()
        .filter(alarm -> alarm.kind() == AlarmKind.BROKEN_DEFINITION)
        .filter(alarm -> alarm.subject().equals(file))
        .toList();
  }

  @Test
  void brokenEditIsAnAlarmUntilItIsMended() throws IOException {
    write("cluster: main\njobs: {}");
    takeUpEdits.process(stage.exchange);
    takeUpEdits.process(stage.exchange);

    assertThat(alarms()).hasSize(1);
    assertThat(alarms().get(0).detail()).contains(file + ", line 2: jobs has 0 jobs");
    assertThat(alarms().get(0).runId()).isEmpty();
    assertThat(files.names()).as("the last good one stays").containsExactly(stage.pipeline);

    write("cluster: main\n\njobs: {}");
    takeUpEdits.process(stage.exchange);
    assertThat(alarms().get(0).detail()).as("another fault is told").contains("line 3");

    write(GOOD.replace("mart", "other"));
    takeUpEdits.process(stage.exchange);
    assertThat(alarms()).isEmpty();
  }

  @Test
  void brokenFileThatIsRemovedIsNoAlarmAnyMore() throws IOException {
    write("nothing");
    takeUpEdits.process(stage.exchange);
    assertThat(alarms()).hasSize(1);

    Files.delete(directory.resolve(file));
    takeUpEdits.process(stage.exchange);

    assertThat(alarms()).isEmpty();
    assertThat(files.names()).isEmpty();
  }

  @Test
  void goodFileRaisesNoAlarm() throws IOException {
    write(GOOD.replace("mart", "other"));

    takeUpEdits.process(stage.exchange);

    assertThat(alarms()).isEmpty();
  }
}
