package dev.caravan.endpoint.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.batches.LogLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineIndexTest {
  private static final int ENOUGH = 1 << 30;

  @TempDir Path directory;
  private Path file;
  private LineIndex index;

  @BeforeEach
  void create() {
    file = directory.resolve("log");
    index = new LineIndex(file, Long.MAX_VALUE);
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void aMissingFileHasNoLines() {
    assertThat(index.count(true)).isZero();
    assertThat(index.lines(0, 10, ENOUGH)).isEmpty();
  }

  @Test
  void aLineCountsWithItsNewlineOrAtTheEnd() throws IOException {
    append("one\ntw");
    assertThat(index.count(false)).isEqualTo(1);
    append("o\nthree");
    assertThat(index.count(false)).isEqualTo(2);
    assertThat(index.count(true)).isEqualTo(3);
    assertThat(index.lines(0, 10, ENOUGH)).containsExactly("one", "two", "three");
  }

  @Test
  void emptyLinesAndCarriageReturnsAreKeptApart() throws IOException {
    append("\n\r\na\r\n\n");
    assertThat(index.count(true)).isEqualTo(4);
    assertThat(index.lines(0, 10, ENOUGH)).containsExactly("", "", "a", "");
  }

  @Test
  void bytesThatAreNotUtf8AreReplaced() throws IOException {
    Files.write(file, new byte[] {'a', (byte) 0xff, 'b', '\n', (byte) 0xd0, (byte) 0x9f, '\n'});
    index.count(true);
    assertThat(index.lines(0, 10, ENOUGH)).containsExactly("a\ufffdb", "П");
  }

  @Test
  void aBudgetEndsThePageEarlyButGivesOneLine() throws IOException {
    append("aaaa\nbbbb\ncccc\n");
    index.count(true);
    assertThat(index.lines(0, 3, 5)).containsExactly("aaaa", "bbbb");
    assertThat(index.lines(1, 3, 1)).containsExactly("bbbb");
  }

  @Test
  void aLongLineIsCutAndTheNextOneFound() throws IOException {
    append("x".repeat(300_000) + "\nnext\n" + "y".repeat(LogLine.MAX_BYTES) + "\nlast\n");
    assertThat(index.count(true)).isEqualTo(4);
    assertThat(index.lines(0, 1, ENOUGH).get(0))
        .hasSize(LogLine.MAX_BYTES + " [cut: this line is 300000 bytes long]".length());
    assertThat(index.lines(1, 1, ENOUGH)).containsExactly("next");
    assertThat(index.lines(2, 2, ENOUGH)).containsExactly("y".repeat(LogLine.MAX_BYTES), "last");
  }

  /** What is passed over isn't read: whatever stands there now changes nothing. */
  @Test
  void aPageCostsWhatItHoldsHoweverLongTheLinesAre() throws IOException {
    append("first\n" + "x".repeat(3_000_000) + "\nnext\n" + "y".repeat(3_000_000));
    assertThat(index.count(true)).isEqualTo(4);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int offset : new int[] {1_000_000, 4_000_000}) {
        channel.write(ByteBuffer.wrap("a\nb\nc\n".getBytes(UTF_8)), offset);
      }
    }
    String cut = " [cut: this line is 3000000 bytes long]";

    assertThat(index.lines(0, 9, ENOUGH))
        .containsExactly(
            "first",
            "x".repeat(LogLine.MAX_BYTES) + cut,
            "next",
            "y".repeat(LogLine.MAX_BYTES) + cut);
    assertThat(index.lines(2, 1, ENOUGH)).containsExactly("next");
    assertThat(index.lines(3, 1, ENOUGH)).containsExactly("y".repeat(LogLine.MAX_BYTES) + cut);
  }

  @Test
  void linesOfEveryLengthAroundTheBoundsAreFound() throws IOException {
    int[] bounds = {LogLine.MAX_BYTES, 64 * 1024, 128 * 1024};
    StringBuilder text = new StringBuilder();
    List<Integer> lengths = new ArrayList<>();
    for (int bound : bounds) {
      for (int more = -2; more <= 2; more++) {
        lengths.add(bound + more);
        text.append("z".repeat(bound + more)).append("\nshort\n");
      }
    }
    append(text.toString());
    assertThat(index.count(false)).isEqualTo(lengths.size() * 2);
    for (int i = 0; i < lengths.size(); i++) {
      int length = lengths.get(i);
      String shown = "z".repeat(Math.min(length, LogLine.MAX_BYTES));
      assertThat(index.lines(2 * i, 2, ENOUGH))
          .containsExactly(
              length == shown.length()
                  ? shown
                  : shown + " [cut: this line is " + length + " bytes long]",
              "short");
    }
  }

  @Test
  void whatIsBehindTheLimitDoesNotCountAndMayGoAnyTime() throws IOException {
    LineIndex limited = new LineIndex(file, 10);
    append("one\ntwo\nthree\nfour\n");
    assertThat(limited.count(false)).isEqualTo(2);
    assertThat(limited.count(true)).isEqualTo(3);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(10);
    }
    append("and on\n");

    assertThat(limited.count(true)).isEqualTo(3);
    assertThat(limited.lines(0, 9, ENOUGH)).containsExactly("one", "two", "th");
  }

  @Test
  void anyPageOfAnyFileIsWhatReadingItWholeGives() throws IOException {
    Random random = new Random(42);
    for (int round = 0; round < 20; round++) {
      Path some = directory.resolve("some" + round);
      LineIndex growing = new LineIndex(some, Long.MAX_VALUE);
      int pieces = 1 + random.nextInt(5);
      for (int piece = 0; piece < pieces; piece++) {
        String text =
            IntStream.range(0, random.nextInt(3000))
                .mapToObj(i -> "l".repeat(random.nextInt(60)))
                .collect(Collectors.joining("\n"));
        Files.writeString(
            some,
            text + (random.nextBoolean() ? "\n" : ""),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        growing.count(false);
      }
      List<String> whole = Files.readAllLines(some);
      assertThat(growing.count(true)).isEqualTo(whole.size());
      for (int page = 0; page < 20; page++) {
        int from = random.nextInt(whole.size() + 1);
        int size = random.nextInt(700);
        assertThat(growing.lines(from, size, ENOUGH))
            .isEqualTo(whole.subList(from, Math.min(whole.size(), from + size)));
      }
    }
  }
}
