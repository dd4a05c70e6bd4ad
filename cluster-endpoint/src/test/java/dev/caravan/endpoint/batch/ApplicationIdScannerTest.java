package dev.caravan.endpoint.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationIdScannerTest {
  @TempDir Path directory;
  private Path file;
  private ApplicationIdScanner id;

  @BeforeEach
  void name() {
    file = directory.resolve("stderr");
    id = new ApplicationIdScanner(file);
  }

  private void print(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void anIdThatComesInPiecesIsFoundWhole() throws Exception {
    print("INFO Client: Submitted application application_1700");
    assertThat(id.look()).isEmpty();
    print("000000000_00");
    assertThat(id.look()).isEmpty();
    print("17\nmore\n");
    assertThat(id.look()).contains("application_1700000000000_0017");
  }

  @Test
  void anIdAcrossTheBoundsOfWhatIsReadAtOnceIsFound() throws Exception {
    print("x".repeat(64 * 1024 - 20) + "\nfor app app-20261122000000-0001\n");
    assertThat(id.look()).contains("app-20261122000000-0001");
  }

  @Test
  void whatComesAfterAMebibyteIsNotRead() throws Exception {
    print("x".repeat(1024 * 1024 + 1) + "\nfor app local-1700000000000\n");
    assertThat(id.look()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereYetIsLookedAtLater() throws Exception {
    assertThatThrownBy(id::look).isInstanceOf(IOException.class);
    print("Spark context (master = local, app id = x). app ID local-1700000000000.\n");
    assertThat(id.look()).contains("local-1700000000000");
  }
}
