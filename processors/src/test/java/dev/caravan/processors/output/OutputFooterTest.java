package dev.caravan.processors.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.FatalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

class OutputFooterTest {

  @Test
  void nestedColumnsCountByTheirTopLevel() {
    byte[] file =
        ParquetBytes.of(
            3,
            MessageTypeParser.parseMessageType(
                """
                message row {
                  optional int64 user_id;
                  optional group travel_array (LIST) { repeated group list {
                    optional group element { optional binary city; optional int32 days; } } }
                  optional group place { optional double lat; optional double lon; }
                  optional binary act_city (UTF8);
                }"""));

    assertThat(parse(metadata(file)))
        .isEqualTo(new OutputFooter(3, List.of("user_id", "travel_array", "place", "act_city")));
  }

  @Test
  void corruptedMetadataIsRefusedAndNothingWorse() {
    byte[] sound = metadata(ParquetBytes.of(10, List.of("a", "b", "c")));
    Random random = new Random(20261122);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] corrupted = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
      for (int flip = random.nextInt(4); flip >= 0; flip--) {
        corrupted[random.nextInt(corrupted.length)] = (byte) random.nextInt(256);
      }
      try {
        parse(corrupted);
      } catch (FatalException e) {
        refused++;
        assertThat(e).hasMessageContaining("s3://lake/x.parquet is not a valid parquet file");
      }
    }
    assertThat(refused).isGreaterThan(2000);
  }

  @Test
  void lengthThatIsNotThereIsNotAllocated() {
    // A compact struct whose second field is a list of 2^31 - 1 structs.
    byte[] huge = {0x15, 0x02, 0x19, (byte) 0xfc, -1, -1, -1, -1, 0x07};

    assertThatExceptionOfType(FatalException.class).isThrownBy(() -> parse(huge));
  }

  @Test
  void structsWithoutEndAreRefused() {
    byte[] deep = new byte[1 << 20];
    Arrays.fill(deep, (byte) 0x1c);

    assertThatExceptionOfType(FatalException.class).isThrownBy(() -> parse(deep));
  }

  private static OutputFooter parse(byte[] metadata) {
    S3Location location = new S3Location("lake", "x.parquet");
    return OutputFooter.parse(new StoredObject(location, 1000, Instant.EPOCH), metadata);
  }

  private static byte[] metadata(byte[] file) {
    int end = file.length - 8;
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    return Arrays.copyOfRange(file, end - length, end);
  }
}
