package dev.caravan.jobs.s3;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.InitiateMultipartUploadRequest;
import com.amazonaws.services.s3.model.ListMultipartUploadsRequest;
import com.amazonaws.services.s3.model.MultipartUpload;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Adobe's S3Mock in a process of its own: one for all tests of a JVM, ended with it. */
public final class LocalS3 {
  private static final Path HOME = Path.of("../local-cloud/s3/target/s3").toAbsolutePath();
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final LocalS3 RUNNING = start();

  private final URI address;
  private final AmazonS3 client;

  private LocalS3(URI address) {
    this.address = address;
    this.client =
        AmazonS3ClientBuilder.standard()
            .withEndpointConfiguration(new EndpointConfiguration(address.toString(), "us-east-1"))
            .withPathStyleAccessEnabled(true)
            .withCredentials(
                new AWSStaticCredentialsProvider(new BasicAWSCredentials("key", "secret")))
            .build();
  }

  public static LocalS3 running() {
    return RUNNING;
  }

  private static LocalS3 start() {
    try {
      Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "s3-");
      Path log = directory.resolve("s3.log");
      Path portFile = directory.resolve("s3.port");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Djava.io.tmpdir=" + directory,
                  "-DPORTFILE=" + portFile,
                  "-cp",
                  HOME.resolve("lib") + "/*",
                  "com.adobe.testing.s3mock.S3MockApplication",
                  "--com.adobe.testing.s3mock.store.root=" + directory.resolve("objects"),
                  "--com.adobe.testing.s3mock.http-port=0",
                  "--spring.main.banner-mode=off",
                  "--spring.main.sources=" + HOME.resolve("loopback.xml").toUri(),
                  "--server.address=127.0.0.1",
                  "--server.port=0",
                  "--server.ssl.enabled=false")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      long deadline = System.nanoTime() + START_BOUND.toNanos();
      while (process.isAlive() && System.nanoTime() < deadline) {
        // Its digits are written at once.
        String port = Files.exists(portFile) ? Files.readString(portFile) : "";
        if (!port.isEmpty()) {
          return new LocalS3(URI.create("http://127.0.0.1:" + port));
        }
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      }
      throw new IllegalStateException("the S3 server did not start:\n" + Files.readString(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the S3 server started", e);
    }
  }

  public URI address() {
    return address;
  }

  /** A bucket of its own for a test. */
  public String bucket() {
    return client.createBucket("lake-" + UUID.randomUUID()).getName();
  }

  /** What Spark needs to reach {@code bucket} at {@code server}; nothing is tried for long. */
  public static Map<String, String> settings(String bucket, URI server) {
    String prefix = "fs.s3a.bucket." + bucket + ".";
    return Map.of(
        prefix + "endpoint", server.toString(),
        prefix + "endpoint.region", "us-east-1",
        prefix + "access.key", "key",
        prefix + "secret.key", "secret",
        prefix + "path.style.access", "true",
        prefix + "connection.ssl.enabled", "false",
        prefix + "attempts.maximum", "1",
        prefix + "retry.limit", "1",
        prefix + "retry.interval", "10ms");
  }

  /** Lets a session's file systems reach {@code bucket}. */
  public static void reach(Configuration conf, String bucket, URI server) {
    settings(bucket, server).forEach(conf::set);
  }

  public void put(String bucket, String key, String text) {
    client.putObject(bucket, key, text);
  }

  public String get(String bucket, String key) {
    return client.getObjectAsString(bucket, key);
  }

  /** All keys under a prefix with the tag of each object's content. */
  public Map<String, String> objects(String bucket, String prefix) {
    return Stream.of(client.listObjectsV2(bucket, prefix))
        .peek(
            listing -> {
              if (listing.isTruncated()) {
                throw new IllegalStateException("more than a test should leave");
              }
            })
        .flatMap(listing -> listing.getObjectSummaries().stream())
        .collect(Collectors.toMap(S3ObjectSummary::getKey, S3ObjectSummary::getETag));
  }

  /** Keys of the data files under a prefix. */
  public List<String> data(String bucket, String prefix) {
    return objects(bucket, prefix).keySet().stream()
        .filter(key -> key.endsWith(".parquet") && !key.contains("/_"))
        .sorted()
        .collect(Collectors.toList());
  }

  /** Begins an upload that nobody will complete. */
  public void beginUpload(String bucket, String key) {
    client.initiateMultipartUpload(new InitiateMultipartUploadRequest(bucket, key));
  }

  /** Keys that uploads have been begun for. */
  public List<String> pendingUploads(String bucket) {
    return client
        .listMultipartUploads(new ListMultipartUploadsRequest(bucket))
        .getMultipartUploads()
        .stream()
        .map(MultipartUpload::getKey)
        .sorted()
        .collect(Collectors.toList());
  }
}
