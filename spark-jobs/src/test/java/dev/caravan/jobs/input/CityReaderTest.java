package dev.caravan.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.place.City;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.sample.ParquetFiles;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CityReaderTest {
  @TempDir private Path root;

  private CityDictionary read(String rows, String columns) throws IOException {
    String folder = "file:" + root.resolve("cities");
    TestSession.spark()
        .sql("select * from values " + rows + " as t(" + columns + ")")
        .coalesce(1)
        .write()
        .parquet(folder);
    return new CityReader(TestSession.spark()).read(new org.apache.hadoop.fs.Path(folder));
  }

  @Test
  void aDictionaryThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                new CityReader(TestSession.spark())
                    .read(new org.apache.hadoop.fs.Path("file:" + root.resolve("no-such-cities"))))
        .hasMessageContaining("no-such-cities");
  }

  @Test
  void citiesAreOrderedByIdWhateverTheirNumber() throws IOException {
    CityDictionary dictionary =
        read(
            "(30L, 'B', 1.0F, 2.0D, 'UTC', 'x'), (4L, 'A', 3.0F, 4.0D, 'Australia/Perth', 'y')",
            "city_id, city_name, city_lat, city_lon, timezone, further");
    assertThat(dictionary.cities()).extracting(City::id).containsExactly(4, 30);
    assertThat(dictionary.cities()).extracting(City::lon).containsExactly(4.0, 2.0);
  }

  @Test
  void absentColumnIsNamed() {
    assertThatThrownBy(() -> read("(1, 'A', 1.0D, 2.0D)", "city_id, city_name, city_lat, city_lon"))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_COLUMNS))
        .hasMessageEndingWith("required columns: timezone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          (1, 'A', 1.0D, 2.0D, 'Mars/Olympus') | unknown time zone
          (1, cast(null as string), 1.0D, 2.0D, 'UTC') | without city_name
          (1, 'A', 91.0D, 2.0D, 'UTC') | out of range
          (1, 'A', 1.0D, double('NaN'), 'UTC') | out of range
          (1, 'A', 1.0D, 2.0D, 'UTC'), (1, 'B', 1.0D, 2.0D, 'UTC') | city_id 1 twice
          """)
  void unusableRowsAreNamed(String rows, String message) {
    assertThatThrownBy(() -> read(rows, "city_id, city_name, city_lat, city_lon, timezone"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anIdOfMoreThan32BitsIsNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "(1L, 'A', 1.0D, 2.0D, 'UTC'), (2147483653L, 'B', 1.0D, 2.0D, 'UTC')",
                    "city_id, city_name, city_lat, city_lon, timezone"))
        .hasMessageEndingWith("has a city_id of more than 32 bits: [2147483653,B,1.0,2.0,UTC]");
  }

  @Test
  void aFileForWhoseCompressionThereIsNoCodecIsNamed() throws IOException {
    Path folder = java.nio.file.Files.createDirectories(root.resolve("cities"));
    Path file = folder.resolve("packed.parquet");
    ParquetFiles.write(
        file,
        "optional int32 city_id; optional binary city_name (STRING); optional double city_lat;"
            + " optional double city_lon; optional binary timezone (STRING);",
        List.of(
            Map.of(
                "city_id",
                1,
                "city_name",
                "A",
                "city_lat",
                1.0,
                "city_lon",
                2.0,
                "timezone",
                "UTC")));
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("file:" + folder);
    CityReader reader = new CityReader(TestSession.spark());
    assertThat(reader.read(path).cities()).hasSize(1);
    ParquetFiles.claim(file, CompressionCodec.BROTLI);
    assertThatThrownBy(() -> reader.read(path))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_COLUMNS))
        .hasMessageContaining(
            "packed.parquet is not a readable parquet file: its column city_id is compressed with"
                + " BROTLI, for which Spark has no codec");
  }

  @Test
  void filesOfDifferentTypesAreReadAndEmptyOnesAreNot() throws IOException {
    String columns = "city_id, city_name, city_lat, city_lon, timezone";
    Path folder = root.resolve("cities");
    java.nio.file.Files.createDirectories(folder);
    java.nio.file.Files.write(folder.resolve("a.parquet"), new byte[0]);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("file:" + folder);
    CityReader reader = new CityReader(TestSession.spark());
    assertThatThrownBy(() -> reader.read(path))
        .hasMessageEndingWith("only empty files, of 0 bytes");
    for (String row : new String[] {"(1, 'A', 1.0F, 2.0D, 'UTC')", "(2L, 'B', 1.0D, 2, 'UTC')"}) {
      TestSession.spark()
          .sql("select * from values " + row + " as t(" + columns + ")")
          .write()
          .mode("append")
          .parquet(path.toString());
    }
    assertThat(reader.read(path).cities()).extracting(City::id).containsExactly(1, 2);
  }
}
