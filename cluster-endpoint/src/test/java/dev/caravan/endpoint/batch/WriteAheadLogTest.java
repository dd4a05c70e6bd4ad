package dev.caravan.endpoint.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("intake");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> read() throws Exception {
    try (WriteAheadLog writeAhead = WriteAheadLog.open(file)) {
      return writeAhead.read().stream()
          .map(record -> new String(record, StandardCharsets.UTF_8))
          .toList();
    }
  }

  @Test
  void whatWasAddedIsReadInOrderByTheNextOne() throws Exception {
    try (WriteAheadLog writeAhead = WriteAheadLog.open(file)) {
      assertThat(writeAhead.read()).isEmpty();
      assertThat(writeAhead.add(bytes("one"))).isTrue();
      assertThat(writeAhead.add(bytes("two, longer"))).isTrue();
    }
    assertThat(read()).containsExactly("one", "two, longer");
  }

  @Test
  void whatWasClearedDoesNotComeBackBehindWhatCameAfter() throws Exception {
    try (WriteAheadLog writeAhead = WriteAheadLog.open(file)) {
      writeAhead.add(bytes("old 1"));
      writeAhead.add(bytes("old 2"));
      writeAhead.clear();
    }
    assertThat(read()).isEmpty();
    try (WriteAheadLog writeAhead = WriteAheadLog.open(file)) {
      writeAhead.add(bytes("new 1"));
    }
    assertThat(read()).containsExactly("new 1");
  }

  @Test
  void aTornRecordAndWhatFollowsAreNotRead() throws Exception {
    try (WriteAheadLog writeAhead = WriteAheadLog.open(file)) {
      writeAhead.add(bytes("whole"));
      writeAhead.add(bytes("torn"));
      writeAhead.add(bytes("behind"));
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(20 + 5 + 20 + 1);
      bytes.write('X');
    }
    assertThat(read()).containsExactly("whole");
  }

  @Test
  void itsSizeIsFixed() throws Exception {
    byte[] large = new byte[100_000];
    try (WriteAheadLog writeAhead = WriteAheadLog.open(file)) {
      long size = Files.size(file);
      assertThat(writeAhead.add(large)).isTrue();
      assertThat(writeAhead.add(large)).isTrue();
      assertThat(writeAhead.add(large)).isFalse();
      writeAhead.clear();
      assertThat(writeAhead.add(large)).isTrue();
      assertThat(Files.size(file)).isEqualTo(size);
    }
  }
}
