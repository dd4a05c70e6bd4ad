package dev.caravan.endpoint.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkedFileTest {
  private static final int CHUNK = 100;

  @TempDir Path directory;

  private void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void aMissingFileHasNothing() throws IOException {
    ChunkedFile none = new ChunkedFile(directory.resolve("none"), CHUNK, Long.MAX_VALUE);
    none.scan();
    assertThat(none.bytes()).isZero();
    assertThat(none.lines(true)).isZero();
    assertThat(none.linesBefore()).isEmpty();
  }

  @Test
  void aLineBelongsToAllTheChunksItSpans() throws IOException {
    Path file = directory.resolve("file");
    append(file, "a\n" + "b".repeat(297) + "\nc");
    ChunkedFile chunks = new ChunkedFile(file, CHUNK, Long.MAX_VALUE);

    chunks.scan();

    assertThat(chunks.linesBefore()).containsExactly(0L, 1L, 1L, 2L);
    assertThat(chunks.lines(false)).isEqualTo(2);
    assertThat(chunks.lines(true)).isEqualTo(3);
  }

  @Test
  void howeverAFileGrowsItsChunksAreCountedAsIfReadAtOnce() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      Path file = directory.resolve("file" + round);
      ChunkedFile chunks = new ChunkedFile(file, CHUNK, Long.MAX_VALUE);
      for (int piece = random.nextInt(6); piece >= 0; piece--) {
        append(
            file,
            IntStream.range(0, random.nextInt(12))
                .mapToObj(i -> "l".repeat(random.nextInt(i % 4 == 0 ? 450 : 40)) + "\n")
                .reduce("", String::concat));
        append(file, "t".repeat(random.nextInt(3)));
        chunks.scan();
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      long[] expected =
          IntStream.range(0, (text.length() + CHUNK - 1) / CHUNK)
              .mapToLong(i -> text.substring(0, i * CHUNK).chars().filter(c -> c == '\n').count())
              .toArray();
      assertThat(chunks.linesBefore().toArray()).isEqualTo(expected);
      assertThat(chunks.bytes()).isEqualTo(text.length());
      assertThat(chunks.lines(true)).isEqualTo(text.lines().count());
    }
  }

  @Test
  void whatIsBehindTheLimitDoesNotCount() throws Exception {
    Path file = Files.writeString(directory.resolve("log"), "one\ntwo\nthree\n");
    ChunkedFile chunks = new ChunkedFile(file, 4, 10);
    chunks.scan();
    chunks.scan();

    assertThat(chunks.bytes()).isEqualTo(10);
    assertThat(chunks.lines(true)).isEqualTo(3);
    assertThat(chunks.linesBefore()).containsExactly(0L, 1L, 2L);
  }
}
