package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutputVerifierIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  private static OutputVerifier verifier;

  private final Instant began = Instant.now().minusSeconds(1);
  private String prefix;

  @BeforeAll
  static void reachS3() {
    verifier = new OutputVerifier(S3.camel());
  }

  @BeforeEach
  void choosePrefix(TestInfo test) {
    prefix = "marts/" + test.getTestMethod().orElseThrow().getName() + "/date=2026-11-22/";
  }

  @Test
  void reportsWhatWasFound() {
    byte[] first = ParquetBytes.of(10, List.of("user_id", "act_city", "extra"));
    byte[] second = ParquetBytes.of(5, List.of("act_city", "user_id"));
    S3.put(prefix + "part-0.parquet", first);
    S3.put(prefix + "country=AU/part-1.parquet", second);
    S3.put(prefix + "_SUCCESS", "");
    S3.put(prefix + "_temporary/0/part-9.parquet", "not to be looked at");
    S3.put(prefix + ".part-0.parquet.crc", "crc");
    S3.put(prefix + "country=AU/", "");
    S3.put(prefix.replace("date=2026-11-22/", "date=2026-11-222/part.parquet"), "another date");

    OutputReport report =
        verifier.verify(contract(2, 100, 15, List.of("user_id", "act_city")), began);

    assertThat(report.location()).isEqualTo(location());
    assertThat(report.objects()).isEqualTo(2);
    assertThat(report.bytes()).isEqualTo(first.length + second.length);
    assertThat(report.rows()).hasValue(15);
    assertThat(report.columns()).containsExactlyInAnyOrder("user_id", "act_city");
    assertThat(report.oldest().orElseThrow()).isBetween(began.minusSeconds(1), Instant.now());
    assertThat(report.newest().orElseThrow()).isAfterOrEqualTo(report.oldest().orElseThrow());
  }

  @Test
  void successMarkerAloneProvesNothing() {
    S3.put(prefix + "_SUCCESS", "");

    assertBroken(contract(1, 0, 0, List.of()), "promised at least 1 data object, found 0");
  }

  @Test
  void emptyPrefixBreaksTheContractAndAnEmptyPromiseKeepsIt() {
    assertBroken(
        contract(1, 10, 0, List.of()),
        "promised at least 1 data object, found 0; promised at least 10 bytes, found 0");

    OutputReport nothing = verifier.verify(contract(0, 0, 0, List.of()), began);
    assertThat(nothing.objects()).isZero();
    assertThat(nothing.newest()).isEmpty();
  }

  @Test
  void tooFewRowsOrColumnsBreakTheContract() {
    S3.put(prefix + "part-0.parquet", ParquetBytes.of(3, List.of("a", "b")));
    S3.put(prefix + "part-1.parquet", ParquetBytes.of(0, List.of("a")));

    assertBroken(contract(1, 0, 4, List.of("a")), "promised at least 4 rows, found 3");
    assertBroken(
        contract(1, 0, 0, List.of("a", "b")),
        "promised the columns a, b, found that s3://lake/"
            + prefix
            + "part-1.parquet lacks b and has a");
  }

  @Test
  void objectOfAnEarlierRunBreaksTheContract() {
    S3.put(prefix + "part-0.parquet", ParquetBytes.of(1, List.of("a")));
    Instant written = verifier.verify(contract(1, 0, 1, List.of()), began).newest().orElseThrow();

    assertThat(verifier.verify(contract(1, 0, 1, List.of()), written.plus(999, ChronoUnit.MILLIS)))
        .isNotNull();
    Instant later = written.plusSeconds(1);
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verifier.verify(contract(1, 0, 1, List.of()), later))
        .withMessageContaining(
            "promised everything written since the run began at "
                + later
                + ", found 1 of 1 objects older, such as s3://lake/"
                + prefix
                + "part-0.parquet of "
                + written);
  }

  @Test
  void fileThatIsNotSoundIsNamed() {
    byte[] sound = ParquetBytes.of(3, List.of("a"));
    byte[] encrypted = sound.clone();
    encrypted[sound.length - 1] = 'E';
    byte[] lying = sound.clone();
    lying[sound.length - 5] = 0x7f;
    byte[] negative = sound.clone();
    negative[sound.length - 5] = -1;

    assertUnsound(new byte[0], "its 0 bytes are too few");
    assertUnsound("PAR1PAR1".getBytes(StandardCharsets.US_ASCII), "its 8 bytes are too few");
    assertUnsound("a,b,c\n1,2,3\n4,5,6".getBytes(StandardCharsets.US_ASCII), "not a parquet file");
    assertUnsound(Arrays.copyOf(sound, sound.length - 3), "truncated");
    assertUnsound(encrypted, "encrypted");
    assertUnsound(lying, "its footer declares 2130");
    assertUnsound(negative, "its footer declares -");
    Arrays.fill(sound, 4, sound.length - 8, (byte) 0xff);
    assertUnsound(sound, "its footer can't be read");
  }

  private void assertUnsound(byte[] bytes, String why) {
    S3.put(prefix + "part-0.parquet", bytes);
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verifier.verify(contract(1, 0, 1, List.of()), began))
        .withMessageContaining("s3://lake/" + prefix + "part-0.parquet is not a valid parquet file")
        .withMessageContaining(why);
  }

  @Test
  void outputOfAnotherFormatHasNoRowsToCount() {
    S3.put(prefix + "part-0.csv", "a,b\n1,2\n");

    OutputReport report = verifier.verify(contract(1, 8, 0, List.of()), began);

    assertThat(report.rows()).isEqualTo(OptionalLong.empty());
    assertThat(report.bytes()).isEqualTo(8);
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verifier.verify(contract(1, 8, 1, List.of()), began))
        .withMessageContaining("part-0.csv is not a valid parquet file");
  }

  @Test
  void footerOfHundredsOfColumnsIsReadWhole() {
    List<String> many =
        IntStream.range(0, 800).mapToObj(i -> "a_column_with_a_long_name_" + i).toList();
    byte[] file = ParquetBytes.of(2, many);
    assertThat(file.length).isGreaterThan(128 * 1024);
    S3.put(prefix + "part-0.parquet", file);

    OutputReport report = verifier.verify(contract(1, 0, 2, many), began);
    assertThat(report.columns()).isEqualTo(many);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verifier.verify(contract(1, 0, 0, List.of("other")), began))
        .withMessageContaining("and 780 more")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
  }

  @Test
  void listingDoesNotEndAfterAThousandObjects() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 1003; i++) {
      String key = prefix + "part-" + i + ".csv";
      threads.submit(() -> S3.put(key, "1"));
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

    OutputReport report = verifier.verify(contract(1003, 1003, 0, List.of()), began);

    assertThat(report.objects()).isEqualTo(1003);
    assertThat(report.bytes()).isEqualTo(1003);
  }

  @Test
  void keyFromAListingIsNeverEvaluated() {
    byte[] decoy = ParquetBytes.of(100, List.of("a"));
    for (String evaluated : List.of("2", "" + Instant.now().atZone(ZoneOffset.UTC).getYear())) {
      S3.put(prefix + evaluated + ".parquet", decoy);
    }
    String secret = System.getProperty("user.home");
    S3.put(prefix + "${date:now:yyyy}.parquet", ParquetBytes.of(1, List.of("a")));
    S3.put(prefix + "${1 + 1}/$simple{body}.parquet", ParquetBytes.of(2, List.of("a")));
    S3.put(prefix + "${sysenv.HOME}/${body.toString()}.parquet", ParquetBytes.of(4, List.of("a")));
    S3.put(prefix + "{{user.home}}.parquet", ParquetBytes.of(8, List.of("a")));
    S3.put(prefix + "имя %20+&?#=.parquet", ParquetBytes.of(16, List.of("a")));

    OutputReport report = verifier.verify(contract(7, 0, 0, List.of("a")), began);

    assertThat(report.rows()).hasValue(100 + 100 + 31);
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verifier.verify(contract(7, 0, 0, List.of("b")), began))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret));
  }

  @Test
  void missingBucketIsFatal() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(
            () ->
                verifier.verify(
                    new OutputContract(S3Location.of("s3://nobucket/x/"), 1, 0, 0, List.of()),
                    began))
        .withMessageContaining("The bucket nobucket of s3://nobucket/x/ doesn't exist");
  }

  @Test
  void verificationHasADeadline() {
    S3.put(prefix + "part-0.parquet", ParquetBytes.of(1, List.of("a")));
    OutputVerifier hurried =
        new OutputVerifier(
            S3.camel(), ElapsedClock.of(Clock.fixed(began, ZoneOffset.UTC)), Duration.ZERO);

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> hurried.verify(contract(1, 0, 1, List.of()), began))
        .withMessageContaining("not completely verified within 0 s");
  }

  @Test
  void nothingIsChangedByLooking() {
    S3.put(prefix + "part-0.parquet", ParquetBytes.of(1, List.of("a")));
    S3.put(prefix + "_SUCCESS", "");
    List<String> before = S3.keys(prefix);

    verifier.verify(contract(1, 0, 1, List.of("a")), began);

    assertThat(S3.keys(prefix)).isEqualTo(before).hasSize(2);
  }

  private void assertBroken(OutputContract contract, String how) {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> verifier.verify(contract, began))
        .withMessage("The output at " + location() + " breaks its contract: " + how + ".");
  }

  private OutputContract contract(
      int minObjects, long minBytes, long minRows, List<String> columns) {
    return new OutputContract(location(), minObjects, minBytes, minRows, columns);
  }

  private S3Location location() {
    return S3Location.of("s3://" + S3Extension.BUCKET + "/" + prefix);
  }
}
