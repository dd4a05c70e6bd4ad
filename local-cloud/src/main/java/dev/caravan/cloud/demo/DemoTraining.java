package dev.caravan.cloud.demo;

import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.YandexEmulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The training run for two class data sharing archives: what a demo does before its first job is
 * done once, and the JVMs of the demo and of its S3 server archive the classes that they have
 * loaded ({@code -XX:ArchiveClassesAtExit}). Later starts of both need half the time.
 */
final class DemoTraining {
  private static final String BUCKET = "training";

  /** Writing an archive takes a few seconds, on a busy machine more. */
  private static final Duration WRITES_ARCHIVE = Duration.ofMinutes(2);

  private DemoTraining() {}

  /**
   * @param args the assembled S3 server
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    Path home = Path.of(args[0]);
    Path directory = Files.createTempDirectory("caravan-demo-training-");
    try {
      Demo.commandLine().setOut(new PrintWriter(Writer.nullWriter())).execute("--help");
      S3Server s3 = S3Server.startToArchive(home, Files.createDirectory(directory.resolve("s3")));
      try (YandexEmulator yandex =
          YandexEmulator.builder(directory.resolve("yandex")).cluster("training").build()) {
        use(s3, Files.createDirectory(directory.resolve("scratch")));
      } finally {
        s3.end(WRITES_ARCHIVE);
      }
    } finally {
      Directories.delete(directory);
    }
    if (!Files.exists(S3Server.archive(home))) {
      throw new IllegalStateException("The S3 server has written no archive");
    }
  }

  private static void use(S3Server s3, Path scratch) throws IOException {
    s3.createBucket(BUCKET);
    CompletableFuture<S3Client> client = CompletableFuture.completedFuture(s3.client());
    SampleEvents.until(LocalDate.of(2026, 11, 21))
        .rows(300)
        .writeEvents(client, BUCKET, "events", scratch);
    SampleEvents.writeCities(client, BUCKET, "cities", scratch);
    String key =
        s3.client()
            .listObjectsV2(request -> request.bucket(BUCKET).prefix("cities"))
            .contents()
            .get(0)
            .key();
    s3.client().getObjectAsBytes(request -> request.bucket(BUCKET).key(key));
    s3.client().headObject(request -> request.bucket(BUCKET).key(key));
    s3.client()
        .copyObject(
            request ->
                request
                    .sourceBucket(BUCKET)
                    .sourceKey(key)
                    .destinationBucket(BUCKET)
                    .destinationKey("copy"));
    s3.client().deleteObject(request -> request.bucket(BUCKET).key("copy"));
  }
}
