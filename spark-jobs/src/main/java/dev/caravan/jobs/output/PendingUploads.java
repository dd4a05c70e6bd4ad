package dev.caravan.jobs.output;

import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.MultipartUploader;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads that were begun and neither completed nor aborted, as a killed job leaves them: no reader
 * sees them, but their parts are paid for.
 */
final class PendingUploads {
  private static final Logger LOG = LoggerFactory.getLogger(PendingUploads.class);
  private static final String CAN_UPLOAD_PARTS = "fs.capability.multipart.uploader";
  private static final long SECONDS = 120;

  private final FileSystem storage;

  PendingUploads(FileSystem storage) {
    this.storage = storage;
  }

  /** Aborts those under the folders. A storage that refuses it costs a warning, not the job. */
  void abort(List<Path> folders) {
    if (!"s3a".equals(storage.getScheme())) {
      return;
    }
    try {
      StorageCalls.each(folders, this::abort);
    } catch (IOException | RuntimeException e) {
      LOG.warn("can't abort the pending uploads under {}", folders.get(0).getParent(), e);
    }
  }

  private int abort(Path folder) throws IOException {
    if (!storage.hasPathCapability(folder, CAN_UPLOAD_PARTS)) {
      return 0;
    }
    try (MultipartUploader uploader = storage.createMultipartUploader(folder).build()) {
      int aborted = uploader.abortUploadsUnderPath(folder).get(SECONDS, TimeUnit.SECONDS);
      if (aborted > 0) {
        LOG.info("aborted {} pending uploads of an earlier job under {}", aborted, folder);
      }
      return aborted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while aborting the pending uploads under " + folder, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("can't abort the pending uploads under " + folder, e);
    }
  }
}
