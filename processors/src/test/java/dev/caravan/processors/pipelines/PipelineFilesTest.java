package dev.caravan.processors.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edit is taken up, a broken one keeps the last good version. */
class PipelineFilesTest {
  private static final PipelineParser PARSER = PipelineParser.of(Set.of("main"));

  @TempDir Path directory;
  private Instant edits = Instant.parse("2026-01-01T00:00:00Z");

  private void write(String file, String timeout) throws IOException {
    writeText(file, "cluster: main\njobs: { mart: { file: /x.py, timeout: " + timeout + " } }\n");
  }

  private void writeText(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
    // Two edits in one tick of the file system's clock would look alike.
    edits = edits.plusSeconds(1);
    Files.setLastModifiedTime(directory.resolve(file), FileTime.from(edits));
  }

  private PipelineFiles read() {
    return PipelineFiles.read(directory, PARSER);
  }

  private static Duration timeout(PipelineFiles files) {
    return files.require("nightly").job("mart").timeout();
  }

  @Test
  void readsEachFileByItsName() throws IOException {
    write("nightly.yaml", "1h");
    write("a.yaml", "2h");
    writeText(".nightly.yaml", "an editor's");
    writeText("notes.txt", "other");

    assertThat(read().names()).containsExactly("a", "nightly");
  }

  @Test
  void takesAnEditUp() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    write("nightly.yaml", "2h");

    assertThat(timeout(files)).as("not before the look").isEqualTo(Duration.ofHours(1));
    assertThat(files.look()).isEmpty();
    assertThat(timeout(files)).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void aBrokenEditKeepsTheLastGoodVersionUntilTheNextGoodOne() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    write("nightly.yaml", "soon");

    List<BrokenFile> broken = files.look();
    assertThat(broken).extracting(BrokenFile::file).containsExactly("nightly.yaml");
    assertThat(broken.get(0).words()).contains("nightly.yaml, line 2: jobs.mart.timeout is 'soon'");
    assertThat(timeout(files)).isEqualTo(Duration.ofHours(1));
    assertThat(files.look()).as("it is still broken").isEqualTo(broken);

    write("nightly.yaml", "3h");
    assertThat(files.look()).isEmpty();
    assertThat(timeout(files)).isEqualTo(Duration.ofHours(3));
  }

  @Test
  void whatIsTouchedOnlyStaysAsItIs() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    Pipeline before = files.require("nightly");
    write("nightly.yaml", "1h");
    files.look();

    assertThat(files.require("nightly")).isSameAs(before);
  }

  @Test
  void aTouchedBrokenFileIsStillBroken() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    write("nightly.yaml", "soon");
    files.look();
    write("nightly.yaml", "soon");

    assertThat(files.look()).hasSize(1);
  }

  @Test
  void aFileThatIsRemovedTakesItsPipelineWithIt() throws IOException {
    write("nightly.yaml", "1h");
    write("other.yaml", "1h");
    PipelineFiles files = read();
    write("other.yaml", "soon");
    files.look();
    Files.delete(directory.resolve("other.yaml"));

    assertThat(files.look()).isEmpty();
    assertThat(files.names()).containsExactly("nightly");
  }

  @Test
  void aNewFileIsTakenUp() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    write("new.yaml", "soon");
    assertThat(files.look()).hasSize(1);
    assertThat(files.names()).containsExactly("nightly");
    write("new.yaml", "1h");
    files.look();

    assertThat(files.names()).containsExactly("new", "nightly");
  }

  @Test
  void aDirectoryThatIsAwayChangesNothing() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    Files.delete(directory.resolve("nightly.yaml"));
    Files.delete(directory);

    assertThat(files.look()).isEmpty();
    assertThat(files.names()).containsExactly("nightly");
  }

  @Test
  void whatIsNotUtf8OrTooLongIsBroken() throws IOException {
    write("nightly.yaml", "1h");
    PipelineFiles files = read();
    Files.write(directory.resolve("nightly.yaml"), new byte[] {'#', (byte) 0xff});
    assertThat(files.look().get(0).words()).contains("not UTF-8");
    Files.write(directory.resolve("nightly.yaml"), new byte[PipelineParser.LONGEST + 1]);
    assertThat(files.look().get(0).words()).contains("longer than 1 MiB");
    assertThat(files.names()).containsExactly("nightly");
  }

  @Test
  void theFirstReadRefusesAllFaultsOfAllFiles() throws IOException {
    write("a.yaml", "soon");
    write("b.yaml", "never");

    assertThatThrownBy(this::read)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("a.yaml, line 2: jobs.mart.timeout is 'soon'")
        .hasMessageContaining("b.yaml, line 2: jobs.mart.timeout is 'never'");
  }

  @Test
  void aDirectoryWithoutPipelinesIsRefused() {
    assertThatThrownBy(this::read)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("There is no pipeline in " + directory);
  }

  @Test
  void anUnknownPipelineIsSaidWithTheNearest() throws IOException {
    write("nightly.yaml", "1h");

    assertThatThrownBy(() -> read().require("nihgtly"))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("did you mean nightly?");
    assertThatThrownBy(() -> read().require("else")).hasMessageContaining("there are nightly.");
  }
}
