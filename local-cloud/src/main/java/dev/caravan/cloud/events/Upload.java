package dev.caravan.cloud.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts files into a bucket, from the moment on at which its S3 is there; files that are written
 * before wait. Not for use by several threads at a time.
 */
final class Upload {
  /** So many files wait at most; then it waits for S3. */
  private static final int MOST_WAITING = 200;

  private record Waiting(String key, Path file) {}

  private final CompletableFuture<S3Client> s3;
  private final String bucket;
  private final Path scratch;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int files;
  private long bytes;

  /**
   * @param scratch an existing local directory for the files
   */
  Upload(CompletableFuture<S3Client> s3, String bucket, Path scratch) {
    this.s3 = s3;
    this.bucket = bucket;
    this.scratch = scratch;
  }

  /** Where the next file is to be written. */
  Path nextFile() {
    return scratch.resolve("upload-" + files);
  }

  /** Puts {@link #nextFile} there, now or later, and deletes it. */
  void put(String key) throws IOException {
    waiting.add(new Waiting(key, nextFile()));
    bytes += Files.size(nextFile());
    files++;
    if (s3.isDone() || waiting.size() > MOST_WAITING) {
      finish();
    }
  }

  /**
   * Puts there what waits.
   *
   * @throws java.util.concurrent.CompletionException if S3 could not be started
   */
  void finish() throws IOException {
    S3Client client = s3.join();
    while (!waiting.isEmpty()) {
      Waiting next = waiting.remove();
      client.putObject(
          request -> request.bucket(bucket).key(next.key()), RequestBody.fromFile(next.file()));
      Files.delete(next.file());
    }
  }

  SampleEvents.Written written(long rows) {
    return new SampleEvents.Written(rows, files, bytes);
  }
}
