package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.s3.S3Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places, contracts and settings: what is taken and what is refused. */
class OutputValuesTest {

  @Test
  void placesAreReadInBothSpellings() {
    assertThat(S3Location.of("s3://lake/marts/date=2026-11-22/"))
        .isEqualTo(new S3Location("lake", "marts/date=2026-11-22/"))
        .hasToString("s3://lake/marts/date=2026-11-22/");
    assertThat(S3Location.of("s3a://my.lake-1/a%20b"))
        .isEqualTo(new S3Location("my.lake-1", "a%20b"));
  }

  /** As S3 and Hadoop have them: no URI, so that nothing is decoded, cut off or refused. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "h%3A1/",
        "a b/",
        "a+b",
        "what?/x=1&y",
        "no#1/",
        "a//b/",
        "/a",
        "день=1/",
        "a%",
        "{x}|^`/"
      })
  void keysAreLiteral(String key) {
    assertThat(S3Location.of("s3://lake/" + key)).isEqualTo(new S3Location("lake", key));
    assertThat(S3Location.of("s3://lake/" + key)).hasToString("s3://lake/" + key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://lake",
        "s3://lake/",
        "s3:///marts",
        "http://lake/marts",
        "lake/marts",
        "s3://Lake/marts",
        "s3://la/marts",
        "s3://key:secret@lake/marts",
        "s3://lake?operation=deleteBucket/marts",
        "s3://lake#x/marts",
        "s3://lake/a\u0000b",
        "s3://lake/a\nb"
      })
  void otherPlacesAreRefused(String place) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> S3Location.of(place))
        .withMessageContaining("s3://bucket/path");
  }

  @Test
  void contractEndsWithASlashSoThatNoOtherDateIsMeant() {
    OutputContract contract =
        new OutputContract(S3Location.of("s3://lake/m/date=2026-11-2"), 1, 0, 0, List.of());
    assertThat(contract.location()).hasToString("s3://lake/m/date=2026-11-2/");
  }

  @Test
  void contractPromisesNothingNegative() {
    S3Location place = S3Location.of("s3://lake/m/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutputContract(place, -1, 0, 0, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutputContract(place, 0, -1, 0, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutputContract(place, 0, 0, -1, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "m/part-0.parquet, 10, true",
    "m/part-0.parquet, 0, true",
    "m/country=AU/part-0.parquet, 10, true",
    "m/_p=1/part-0.parquet, 10, true",
    "m/_SUCCESS, 0, false",
    "m/_SUCCESS, 900, false",
    "m/_temporary/0/task_1/part-0.parquet, 10, false",
    "m/__magic/part-0.parquet, 10, false",
    "m/_delta_log/0.json, 10, false",
    "m/.part-0.parquet.crc, 10, false",
    "m/.hive-staging/part-0.parquet, 10, false",
    "m/, 0, false",
    "m/country=AU/, 0, false",
    "m/country=AU_$folder$, 0, false",
  })
  void dataIsToldFromWhatLiesBesideIt(String key, long size, boolean data) {
    StoredObject object = new StoredObject(new S3Location("lake", key), size, Instant.EPOCH);
    assertThat(DataObjects.isData(new S3Location("lake", "m/"), object)).isEqualTo(data);
  }

  @Test
  void hiddenNamesInThePrefixItselfDoNotMatter() {
    StoredObject object =
        new StoredObject(new S3Location("lake", "_dev/.x/m/p.parquet"), 1, Instant.EPOCH);
    assertThat(DataObjects.isData(new S3Location("lake", "_dev/.x/m/"), object)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"storage.yandexcloud.net", "s3://x", "https://key:secret@host"})
  void endpointThatIsNoneIsRefusedWithoutItsSecret(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(URI.create(endpoint), "ru-central1", Duration.ofSeconds(4)))
        .withMessageNotContaining("secret");
  }

  @Test
  void regionAndTimeoutAreNeeded() {
    URI endpoint = URI.create("https://storage.yandexcloud.net");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(endpoint, " ", Duration.ofSeconds(4)));
    assertThatIllegalArgumentException().isThrownBy(() -> settings(endpoint, "r", Duration.ZERO));
  }

  @Test
  void keysThatCannotBeReadAreFatalWithoutTheirSecret(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> S3Key.read(file))
        .withMessageContaining(file.toString());

    Files.writeString(file, "secret-access-key=s3cr3t\n");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> S3Key.read(file))
        .withMessageContaining("access-key-id")
        .withMessageNotContaining("s3cr3t");

    Files.writeString(file, "secret-access-key=s3cr3t\naccess-key-id = id \n");
    assertThat(S3Key.read(file)).isEqualTo(new S3Key("id", "s3cr3t")).hasToString("S3Key[id]");
  }

  private static S3Settings settings(URI endpoint, String region, Duration timeout) {
    return new S3Settings(endpoint, region, false, Optional.empty(), timeout, Optional.empty());
  }
}
