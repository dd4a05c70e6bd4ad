package dev.caravan.jobs.output;

import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.MultipartUploader;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads that were begun and neither completed nor aborted, as a killed job leaves them: no reader
 * sees them, but their parts are paid for.
 *
 * <p>Aborting them is best effort. A storage that can't list them, doesn't allow it, or is too slow
 * costs one warning and some {@value #SECONDS} seconds in the life of the process: before further
 * writes it is not asked again.
 */
final class PendingUploads {
  private static final Logger LOG = LoggerFactory.getLogger(PendingUploads.class);
  private static final String CAN_UPLOAD_PARTS = "fs.capability.multipart.uploader";
  private static final long SECONDS = 5;

  private static final Map<FileSystem, PendingUploads> BY_STORAGE = new WeakHashMap<>();

  private final URI storage;
  private final Configuration conf;
  private FileSystem impatient;
  private boolean givenUp;

  private PendingUploads(URI storage, Configuration conf) {
    this.storage = storage;
    this.conf = conf;
    this.givenUp = !"s3a".equals(storage.getScheme());
  }

  /** Those of {@code storage}; the same object for the same storage. */
  static PendingUploads of(FileSystem storage) {
    synchronized (BY_STORAGE) {
      return BY_STORAGE.computeIfAbsent(
          storage, key -> new PendingUploads(key.getUri(), key.getConf()));
    }
  }

  /** Before a write: aborts those under the folders, as far as the storage lets it. No throw. */
  synchronized void abort(List<Path> folders) {
    if (!givenUp) {
      givenUp = !tryToAbort(folders);
    }
  }

  /** The same after a write that failed: the storage may be well again when it is asked next. */
  synchronized void abortAfterFailure(List<Path> folders) {
    if (!givenUp) {
      tryToAbort(folders);
    }
  }

  private boolean tryToAbort(List<Path> folders) {
    if (folders.isEmpty()) {
      return true;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try {
      FileSystem asked = impatient();
      StorageCalls.each(folders, folder -> abort(asked, folder, deadline));
      return true;
    } catch (IOException | RuntimeException e) {
      sayWhy(folders.get(0).getParent(), e);
      disconnect();
      return false;
    }
  }

  /** Whether the storage has listed them as often as it was asked. */
  synchronized boolean areListed() {
    return !givenUp;
  }

  private static int abort(FileSystem storage, Path folder, long deadline) throws IOException {
    if (!storage.hasPathCapability(folder, CAN_UPLOAD_PARTS)) {
      return 0;
    }
    try (MultipartUploader uploader = storage.createMultipartUploader(folder).build()) {
      int aborted =
          uploader
              .abortUploadsUnderPath(folder)
              .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (aborted > 0) {
        LOG.info("aborted {} pending uploads of an earlier job under {}", aborted, folder);
      }
      return aborted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IOException("it takes longer than " + SECONDS + " seconds", e);
    } catch (ExecutionException e) {
      throw new IOException(inOneLine(e), e);
    }
  }

  /** The innermost cause, which is what the storage has answered. */
  private static String inOneLine(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).split("\\R", 2)[0];
  }

  private static void sayWhy(Path root, Exception why) {
    LOG.warn(
        "Can't abort the uploads that an earlier job may have left pending under {}: {}. The job"
            + " continues. To avoid such uploads, let this user list and abort multipart"
            + " uploads, or give the bucket a lifecycle rule that aborts them.",
        root,
        why.getMessage());
    LOG.debug("The cause:", why);
  }

  /** No abortion may go on behind the caller's back: it could hit the uploads that come next. */
  private void disconnect() {
    if (impatient != null) {
      try {
        impatient.close();
      } catch (IOException | RuntimeException e) {
        LOG.debug("can't close the connection to {}", storage, e);
      }
      impatient = null;
    }
  }

  /** A client of its own, since the usual one repeats a request that fails for minutes. */
  private FileSystem impatient() throws IOException {
    if (impatient == null) {
      Configuration own = new Configuration(conf);
      for (String prefix : new String[] {"fs.s3a.", "fs.s3a.bucket." + storage.getHost() + "."}) {
        own.set(prefix + "attempts.maximum", "1");
        own.set(prefix + "retry.limit", "1");
        own.set(prefix + "retry.interval", "200ms");
        own.set(prefix + "retry.throttle.limit", "1");
        own.set(prefix + "retry.throttle.interval", "200ms");
        own.set(prefix + "connection.timeout", "3000");
        own.set(prefix + "connection.establish.timeout", "3000");
      }
      impatient = FileSystem.newInstance(storage, own);
    }
    return impatient;
  }
}
