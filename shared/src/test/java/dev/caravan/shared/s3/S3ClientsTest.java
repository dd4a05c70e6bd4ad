package dev.caravan.shared.s3;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.FatalException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkSystemSetting;

class S3ClientsTest {
  private static final String PARTITIONS = SdkSystemSetting.AWS_PARTITIONS_FILE.property();

  @TempDir private Path directory;

  @AfterEach
  void clear() {
    System.clearProperty(PARTITIONS);
  }

  private static void create() {
    S3Settings settings =
        new S3Settings(
            URI.create("http://127.0.0.1:1"),
            "us-east-1",
            true,
            Optional.empty(),
            Duration.ofSeconds(1),
            Optional.empty());
    S3Clients.create(settings, null, none -> {}).close();
  }

  /** The SDK would say it at the first request, when the cluster has been started. */
  @Test
  void aFileOfPartitionsThatIsNotThereIsNamed() {
    Path file = directory.resolve("partitions.json");
    System.setProperty(PARTITIONS, file.toString());

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(S3ClientsTest::create)
        .withMessageContaining("AWS_PARTITIONS_FILE names the file " + file)
        .withMessageEndingWith("unset it for Caravan, or name a file that is there.");
  }
}
