package dev.caravan.processors.output;

import dev.caravan.cloud.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The real S3 server of the local cloud: one process for all tests of this JVM. */
public final class LocalS3 implements BeforeAllCallback {
  public static final String BUCKET = "lake";

  private static final Path HOME = Path.of("../local-cloud/s3/target/s3");

  private Running running;

  @Override
  public void beforeAll(ExtensionContext context) {
    running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(LocalS3.class))
            .getOrComputeIfAbsent(Running.class, type -> start(), Running.class);
  }

  private static Running start() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "local-s3-");
      S3Server server = S3Server.start(HOME.toAbsolutePath().normalize(), folder.toAbsolutePath());
      server.createBucket(BUCKET);
      Path keys =
          Files.writeString(
              folder.resolve("keys"),
              "access-key-id="
                  + server.access().accessKeyId()
                  + "\nsecret-access-key="
                  + server.access().secretAccessKey()
                  + "\n");
      return new Running(server, keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public S3Config config() {
    return config(running.server.access().endpoint(), Duration.ofSeconds(4));
  }

  /** Settings that differ in where the server is said to be. */
  S3Config config(URI endpoint, Duration timeout) {
    return new S3Config(
        endpoint, running.server.access().region(), true, running.keys, timeout, Optional.empty());
  }

  /** The server's own client, which may write. */
  public S3Client client() {
    return running.server.client();
  }

  public void put(String key, byte[] bytes) {
    client().putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
  }

  public void put(String key, String text) {
    put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  List<String> keys(String prefix) {
    return client()
        .listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix))
        .contents()
        .stream()
        .map(object -> object.key())
        .toList();
  }

  private record Running(S3Server server, Path keys)
      implements ExtensionContext.Store.CloseableResource {
    @Override
    public void close() {
      server.close();
    }
  }
}
