package dev.caravan.cloud.s3;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A running S3 server on a free loopback port, its objects under a directory that stays when it
 * ends. It looks at no credentials, so whatever keys {@link #access()} names are good.
 */
public final class S3Server implements AutoCloseable {

  private static final Duration START_BOUND = Duration.ofSeconds(60);

  private final ChildProcess process;
  private final S3Access access;
  private final S3Client client;

  private S3Server(ChildProcess process, int port) {
    this.process = process;
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    access =
        new S3Access(endpoint, "us-east-1", "local-access-key-id", UUID.randomUUID().toString());
    client = client(access);
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param home the assembled server: {@code local-cloud/s3/target/s3}
   * @param directory where its objects and its log are kept; objects of an earlier server are
   *     served again, its uncompleted uploads are gone
   * @throws IllegalStateException with the end of its log if it does not answer within a minute
   */
  public static S3Server start(Path home, Path directory) throws IOException, InterruptedException {
    return start(home, directory, "-XX:SharedArchiveFile=" + archive(home));
  }

  /** Starts one that writes the {@link #archive} when it ends. */
  public static S3Server startToArchive(Path home, Path directory)
      throws IOException, InterruptedException {
    Files.deleteIfExists(archive(home));
    return start(home, directory, "-XX:ArchiveClassesAtExit=" + archive(home));
  }

  /** Where the archive of the server's classes is, which halves a start. */
  public static Path archive(Path home) {
    return home.resolve("s3.jsa");
  }

  private static S3Server start(Path home, Path directory, String archiveOption)
      throws IOException, InterruptedException {
    Path objects = Files.createDirectories(directory.resolve("objects"));
    dropUploads(objects);
    Path log = directory.resolve("s3.log");
    Files.deleteIfExists(log);
    Path portFile = directory.resolve("s3.port");
    Files.deleteIfExists(portFile);
    List<String> command =
        ChildProcess.java(
            "256m",
            archiveOption,
            "-DPORTFILE=" + portFile,
            "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
            "-cp",
            home.resolve("lib") + "/*",
            "com.adobe.testing.s3mock.S3MockApplication",
            "--com.adobe.testing.s3mock.store.root=" + objects,
            "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
            "--com.adobe.testing.s3mock.http-port=0",
            "--spring.main.banner-mode=off",
            "--spring.main.sources=" + home.resolve("loopback.xml").toUri(),
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--server.ssl.enabled=false");
    ChildProcess process = ChildProcess.start("the local S3 server", command, Map.of(), log);
    try {
      int port = process.await("it listened", START_BOUND, () -> port(portFile));
      return new S3Server(process, port);
    } catch (RuntimeException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  /** S3Mock 4.12.4 has forgotten them after a restart, and then fails to list any. */
  private static void dropUploads(Path objects) throws IOException {
    try (Stream<Path> buckets = Files.list(objects)) {
      for (Path bucket : buckets.toList()) {
        Directories.delete(bucket.resolve("multiparts"));
      }
    }
  }

  /** The file's digits are written at once. */
  private static Optional<Integer> port(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      return text.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client for any S3 server; the caller closes it. */
  public static S3Client client(S3Access access) {
    return S3Client.builder()
        .endpointOverride(access.endpoint())
        .region(Region.of(access.region()))
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(access.accessKeyId(), access.secretAccessKey())))
        .build();
  }

  public S3Access access() {
    return access;
  }

  /** A client of this server, closed with it. */
  public S3Client client() {
    return client;
  }

  /** Creates a bucket; the name has at least three characters. */
  public void createBucket(String name) {
    client.createBucket(request -> request.bucket(name));
  }

  /** As {@link #close()}, but leaves it this long to end by itself. */
  public void end(Duration patience) {
    client.close();
    process.end(patience);
  }

  @Override
  public void close() {
    end(Duration.ZERO);
  }
}
