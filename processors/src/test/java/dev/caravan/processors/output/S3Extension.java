package dev.caravan.processors.output;

import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.processors.SharedInJvm;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.s3.S3Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The real S3 server of the local cloud: one process for all tests of this JVM. */
public final class S3Extension implements BeforeAllCallback, AfterAllCallback {
  public static final String BUCKET = "lake";

  private static final Path HOME = Path.of("../local-cloud/s3/target/s3");

  private Running running;
  private Optional<CamelContext> camel = Optional.empty();

  @Override
  public void beforeAll(ExtensionContext context) {
    running = SharedInJvm.get(context, Running.class, S3Extension::start);
  }

  /** The context of {@link #camel} ends with the class. */
  @Override
  public void afterAll(ExtensionContext context) {
    camel.ifPresent(CamelContext::stop);
  }

  private static Running start() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "local-s3-");
      S3Server server = S3Server.start(HOME.toAbsolutePath().normalize(), folder.toAbsolutePath());
      server.createBucket(BUCKET);
      return new Running(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A started context whose {@code aws2-s3} component reaches the server; one for a class. */
  public CamelContext camel() {
    if (camel.isEmpty()) {
      CamelContext made = new DefaultCamelContext();
      S3Component.configure(made, settings());
      made.start();
      camel = Optional.of(made);
    }
    return camel.get();
  }

  public S3Settings settings() {
    return settings(running.server.access().endpoint(), Duration.ofSeconds(4));
  }

  /** Settings that differ in where the server is said to be. */
  S3Settings settings(URI endpoint, Duration timeout) {
    S3Access access = running.server.access();
    return new S3Settings(
        endpoint,
        access.region(),
        true,
        Optional.of(new S3Key(access.accessKeyId(), access.secretAccessKey())),
        timeout,
        Optional.empty());
  }

  /** Settings of another server. */
  public static S3Settings settings(URI endpoint, S3Key key, Optional<URI> proxy) {
    return new S3Settings(
        endpoint, "ru-central1", true, Optional.of(key), S3Component.USUAL_TIMEOUT, proxy);
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

  private record Running(S3Server server) implements AutoCloseable {
    @Override
    public void close() {
      server.close();
    }
  }
}
