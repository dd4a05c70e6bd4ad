package dev.caravan.processors.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.output.S3Extension;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.LogPage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of logs in a real S3, laid down here by hand with chunks of a few bytes. */
class ShippedLogIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  private static ShippedLogs logs;

  @BeforeAll
  static void reachS3() {
    logs = new ShippedLogs(S3.camel());
  }

  private static S3Location address(String tag) {
    return S3Location.of("s3://" + S3Extension.BUCKET + "/logs/" + tag + "/");
  }

  /** Puts the chunks of a stream, and gives its entry in the manifest. */
  private static String stream(String tag, String name, byte[] bytes, int chunk) {
    List<Long> linesBefore = new ArrayList<>();
    for (int begin = 0; begin < bytes.length; begin += chunk) {
      byte[] part = Arrays.copyOfRange(bytes, begin, Math.min(bytes.length, begin + chunk));
      S3.put(String.format(Locale.ROOT, "logs/%s/%s/%012d", tag, name, begin), part);
      linesBefore.add(newlines(bytes, begin));
    }
    long lines =
        newlines(bytes, bytes.length)
            + (bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0);
    return "\"%s\":{\"bytes\":%d,\"lines\":%d,\"linesBefore\":%s}"
        .formatted(name, bytes.length, lines, linesBefore);
  }

  private static long newlines(byte[] bytes, int end) {
    return IntStream.range(0, end).filter(i -> bytes[i] == '\n').count();
  }

  private static ShippedLog ship(String tag, int chunk, byte[] stdout, byte[] stderr) {
    S3.put(
        "logs/" + tag + "/log.json",
        """
        {"version":1,"complete":true,"chunkBytes":%d,"head":["head one","head two"],
         "batch":{"id":7,"state":"dead","exitCode":3,"reason":"it ended","appId":"local-1","summary":{"rows":3}},
         "streams":{%s,%s,%s}}
        """
            .formatted(
                chunk,
                stream(tag, "stdout", stdout, chunk),
                stream(tag, "stderr", stderr, chunk),
                stream(tag, "notes", bytes("a note\n"), chunk)));
    return logs.find(address(tag)).orElseThrow();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> whole(String stdout, String stderr) {
    List<String> all = new ArrayList<>(List.of("stdout: ", "head one", "head two"));
    stdout.lines().forEach(all::add);
    all.add("\nstderr: ");
    stderr.lines().forEach(all::add);
    all.addAll(List.of("\nYARN Diagnostics: ", "a note"));
    return all;
  }

  @Test
  void tellsOfTheBatch() {
    LogManifest manifest = ship("facts", 100, bytes(""), bytes("")).manifest();

    assertThat(manifest.batchId()).isEqualTo(7);
    assertThat(manifest.complete()).isTrue();
    assertThat(manifest.state()).isEqualTo("dead");
    assertThat(manifest.exitCode()).hasValue(3);
    assertThat(manifest.reason()).contains("it ended");
    assertThat(manifest.applicationId()).contains("local-1");
    assertThat(manifest.summary()).contains("{\"rows\":3}");
  }

  @Test
  void pagesOfAnyLogAreWhatReadingItWholeGives() {
    Random random = new Random(11);
    for (int round = 0; round < 5; round++) {
      String stdout = text(random, 60);
      String stderr = text(random, 6);
      List<String> all = whole(stdout, stderr);
      ShippedLog log =
          ship("round" + round, 15 + random.nextInt(200), bytes(stdout), bytes(stderr));
      assertThat(log.page(0, -1).lines()).isEqualTo(all);
      for (int page = 0; page < 8; page++) {
        int from = random.nextInt(all.size() + 2);
        int size = random.nextInt(12);
        LogPage found = log.page(from, size);
        assertThat(found.from()).isEqualTo(from);
        assertThat(found.total()).isEqualTo(all.size());
        assertThat(found.lines())
            .isEqualTo(all.subList(Math.min(from, all.size()), Math.min(from + size, all.size())));
      }
      LogPage last = log.page(-1, 4);
      assertThat(last.from()).isEqualTo(all.size() - 4);
      assertThat(last.lines()).isEqualTo(all.subList(all.size() - 4, all.size()));
    }
  }

  private static String text(Random random, int lines) {
    String text =
        IntStream.range(0, random.nextInt(lines))
            .mapToObj(i -> "ж".repeat(random.nextInt(i % 9 == 0 ? 120 : 8)))
            .collect(Collectors.joining("\n"));
    return text + (random.nextBoolean() && !text.isEmpty() ? "\n" : "");
  }

  @Test
  void aLongLineIsCutWithoutFetchingItAll() {
    byte[] stdout = bytes("first\n" + "x".repeat(200_000) + "\r\nlast\r\n");
    ShippedLog log = ship("long", 10_000, stdout, bytes(""));
    // Nobody needs the middle of the line.
    for (int begin = 50_000; begin < 200_000; begin += 10_000) {
      String key = String.format(Locale.ROOT, "logs/long/stdout/%012d", begin);
      S3.client().deleteObject(gone -> gone.bucket(S3Extension.BUCKET).key(key));
    }

    assertThat(log.page(3, 3).lines())
        .containsExactly(
            "first", "x".repeat(16 * 1024) + " [cut: this line is 200001 bytes long]", "last");
    assertThat(log.page(5, 1).lines()).containsExactly("last");
  }

  @Test
  void whatIsGoneIsSaid() {
    assertThat(logs.find(address("nothing"))).isEmpty();
    ShippedLog log = ship("gap", 10, bytes("one\n"), bytes(""));
    S3.client()
        .deleteObject(gone -> gone.bucket(S3Extension.BUCKET).key("logs/gap/stdout/000000000000"));

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> log.page(0, -1))
        .withMessageContaining("logs/gap/stdout/000000000000 is not there");
  }

  @Test
  void whatIsNoManifestIsRefused() {
    for (String wrong : List.of("[]", "no", "{\"version\":2,\"chunkBytes\":1}")) {
      S3.put("logs/wrong/log.json", wrong);
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> logs.find(address("wrong")))
          .withMessageContaining("s3://lake/logs/wrong/log.json is not the manifest");
    }
  }
}
