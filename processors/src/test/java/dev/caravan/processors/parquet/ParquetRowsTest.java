package dev.caravan.processors.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.caravan.processors.output.ParquetBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import shaded.parquet.org.apache.thrift.TException;

/** Files of the reference writer, read here. */
class ParquetRowsTest {
  private static final MessageType EVERY_TYPE =
      MessageTypeParser.parseMessageType(
          """
          message row {
            required boolean flag;
            optional int32 small (INTEGER(16,true));
            optional int32 number;
            required int64 id;
            optional float ratio;
            optional double exact;
            optional binary name (STRING);
            optional binary raw;
            optional int32 day (DATE);
            optional int64 at (TIMESTAMP(MICROS,true));
            optional int64 local (TIMESTAMP(MILLIS,false));
            optional int96 old;
            optional int64 price (DECIMAL(12,2));
            optional fixed_len_byte_array(5) total (DECIMAL(10,3));
            optional group cities (LIST) { repeated group list { optional binary element (STRING); } }
            optional group ages (LIST) { repeated int32 array; }
            optional group counts (MAP) { repeated group key_value { required binary key (STRING); optional int64 value; } }
            optional group place { optional double lat; optional double lon; }
            repeated int32 loose;
          }""");

  private static Group everything() {
    SimpleGroup row = new SimpleGroup(EVERY_TYPE);
    row.add("flag", true);
    row.add("small", 7);
    row.add("number", -1);
    row.add("id", 1L << 40);
    row.add("ratio", 0.5f);
    row.add("exact", 0.1);
    row.add("name", "Pérth");
    row.add("raw", Binary.fromConstantByteArray(new byte[] {0, (byte) 0xff}));
    row.add("day", 20_000);
    row.add("at", 1_700_000_000_000_001L);
    row.add("local", 1_700_000_000_000L);
    row.add("old", new NanoTime(2_440_589, 1_000_000_000L));
    row.add("price", -1999L);
    row.add("total", Binary.fromConstantByteArray(new byte[] {0, 0, 0, 0x30, 0x39}));
    Group cities = row.addGroup("cities");
    cities.addGroup("list").add("element", "Perth");
    cities.addGroup("list");
    row.addGroup("ages").append("array", 1).append("array", 2);
    row.addGroup("counts").addGroup("key_value").append("key", "a").append("value", 3L);
    row.addGroup("place").append("lat", -33.8);
    row.add("loose", 4);
    return row;
  }

  private static Group nothing() {
    SimpleGroup row = new SimpleGroup(EVERY_TYPE);
    row.add("flag", false);
    row.add("id", 0L);
    return row;
  }

  @Test
  void everyTypeIsReadAndNamedAsSparkNamesIt() {
    ParquetRows read =
        read(bytes(EVERY_TYPE, List.of(everything(), nothing()), writer -> writer), 10);

    assertThat(read.types())
        .containsExactly(
            entry("flag", "boolean"),
            entry("small", "smallint"),
            entry("number", "int"),
            entry("id", "bigint"),
            entry("ratio", "float"),
            entry("exact", "double"),
            entry("name", "string"),
            entry("raw", "binary"),
            entry("day", "date"),
            entry("at", "timestamp"),
            entry("local", "timestamp_ntz"),
            entry("old", "timestamp"),
            entry("price", "decimal(12,2)"),
            entry("total", "decimal(10,3)"),
            entry("cities", "array<string>"),
            entry("ages", "array<int>"),
            entry("counts", "map<string,bigint>"),
            entry("place", "struct<lat:double,lon:double>"),
            entry("loose", "array<int>"));
    assertThat(read.rows()).hasSize(2);
    assertThat(read.rows().get(0).toString())
        .isEqualTo(
            "{flag=true, small=7, number=-1, id=1099511627776, ratio=0.5, exact=0.1, name=Pérth,"
                + " raw=00ff, day=2024-10-04, at=2023-11-14T22:13:20.000001Z,"
                + " local=2023-11-14T22:13:20, old=1970-01-02T00:00:01Z, price=-19.99,"
                + " total=12.345, cities=[Perth, null], ages=[1, 2], counts={a=3},"
                + " place={lat=-33.8, lon=null}, loose=[4]}");
    assertThat(read.rows().get(0).get("total"))
        .isEqualTo(new BigDecimal(BigInteger.valueOf(12_345), 3));
    assertThat(read.rows().get(1)).containsEntry("flag", false).containsEntry("loose", List.of());
    assertThat(read.rows().get(1).values().stream().filter(value -> value == null)).hasSize(16);
  }

  static Stream<Arguments> waysToWrite() {
    return Stream.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW)
        .flatMap(
            codec ->
                Stream.of(WriterVersion.values())
                    .flatMap(
                        version ->
                            Stream.of(true, false)
                                .map(dictionary -> Arguments.of(codec, version, dictionary))));
  }

  /** Several row groups, several pages each; read from few bytes. */
  @ParameterizedTest
  @MethodSource("waysToWrite")
  void rowsAreTheSameHoweverTheyAreWritten(
      CompressionCodecName codec, WriterVersion version, boolean dictionary) {
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message row { required int64 id; optional binary city (STRING); repeated int32 n; }");
    List<Group> rows = new ArrayList<>();
    for (long i = 0; i < 5_000; i++) {
      SimpleGroup row = new SimpleGroup(type);
      row.add("id", i);
      if (i % 3 != 0) {
        row.add("city", "city " + i % 7);
      }
      for (int n = 0; n < i % 4; n++) {
        row.add("n", n);
      }
      rows.add(row);
    }
    byte[] file =
        bytes(
            type,
            rows,
            writer ->
                writer
                    .withCompressionCodec(codec)
                    .withWriterVersion(version)
                    .withDictionaryEncoding(dictionary)
                    .withPageSize(1024)
                    .withPageRowCountLimit(100)
                    .withRowGroupSize(8_000L));

    assertThat(metadata(file).getRow_groups()).hasSizeGreaterThan(1);
    List<Map<String, Object>> read = read(file, 4_000).rows();

    assertThat(read).hasSize(4_000);
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).get("id")).isEqualTo((long) i);
      assertThat(read.get(i).get("city")).isEqualTo(i % 3 == 0 ? null : "city " + i % 7);
      assertThat(read.get(i).get("n"))
          .isEqualTo(IntStream.range(0, i % 4).mapToObj(n -> (Object) (long) n).toList());
    }
  }

  @Test
  void fewRowsOfALargeFileCostFewBytes() {
    MessageType type = MessageTypeParser.parseMessageType("message row { required int64 id; }");
    List<Group> rows = new ArrayList<>();
    for (long i = 0; i < 500_000; i++) {
      rows.add(new SimpleGroup(type).append("id", i * 0x9e3779b97f4a7c15L));
    }
    byte[] file = bytes(type, rows, writer -> writer.withDictionaryEncoding(false));
    long[] readBytes = {0};

    ParquetRows read =
        ParquetRows.read(
            metadata(file),
            (from, to) -> {
              readBytes[0] += to - from + 1;
              return Arrays.copyOfRange(file, (int) from, (int) to + 1);
            },
            3);

    assertThat(read.rows()).hasSize(3);
    assertThat(file.length).isGreaterThan(3_000_000);
    assertThat(readBytes[0]).isLessThan(300_000);
  }

  @Test
  void aWideTableShowsAllTypesAndTheFirstColumns() {
    Types.MessageTypeBuilder type = Types.buildMessage();
    IntStream.range(0, 100)
        .forEach(i -> type.optional(PrimitiveTypeName.INT64).named("column" + i));
    MessageType wide = type.named("row");

    ParquetRows read = read(bytes(wide, List.of(new SimpleGroup(wide)), writer -> writer), 1);

    assertThat(read.types()).hasSize(100);
    assertThat(read.rows().get(0)).hasSize(ParquetRows.MOST_COLUMNS).containsKey("column63");
  }

  @Test
  void corruptedPagesAreRefusedAndNothingWorse() {
    byte[] sound =
        bytes(
            EVERY_TYPE,
            List.of(everything(), nothing(), everything()),
            writer -> writer.withCompressionCodec(CompressionCodecName.SNAPPY));
    FileMetaData metadata = metadata(sound);
    Random random = new Random(20261129);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] corrupted = sound.clone();
      for (int flip = random.nextInt(8); flip >= 0; flip--) {
        corrupted[random.nextInt(corrupted.length)] = (byte) random.nextInt(256);
      }
      try {
        ParquetRows.read(metadata, ranges(corrupted), 3);
      } catch (IllegalArgumentException e) {
        refused++;
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void anUnknownCompressionIsNamed() {
    byte[] file = bytes(EVERY_TYPE, List.of(nothing()), writer -> writer);
    FileMetaData metadata = metadata(file);
    metadata
        .getRow_groups()
        .get(0)
        .getColumns()
        .forEach(chunk -> chunk.getMeta_data().setCodec(CompressionCodec.BROTLI));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ParquetRows.read(metadata, ranges(file), 1))
        .withMessage("its compression BROTLI can't be read here");
  }

  private static byte[] bytes(
      MessageType type, List<Group> rows, UnaryOperator<ExampleParquetWriter.Builder> options) {
    return ParquetBytes.of(type, rows, options);
  }

  private static ParquetRows read(byte[] file, int limit) {
    return ParquetRows.read(metadata(file), ranges(file), limit);
  }

  private static ByteRanges ranges(byte[] file) {
    return (from, to) -> Arrays.copyOfRange(file, (int) from, (int) to + 1);
  }

  private static FileMetaData metadata(byte[] file) {
    int end = file.length - 8;
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    FileMetaData metadata = new FileMetaData();
    try {
      metadata.read(new BoundedProtocol(Arrays.copyOfRange(file, end - length, end)));
    } catch (TException e) {
      throw new IllegalStateException(e);
    }
    return metadata;
  }
}
