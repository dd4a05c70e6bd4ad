package dev.caravan.jobs.storage;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens files that were listed: the listing has told all that a look at the file would. */
public final class FileOpener {
  private static final long BOUND_SECONDS = 300;

  private FileOpener() {}

  /** Opens {@code file} for short reads; no request yet. */
  public static FSDataInputStream open(FileStatus file, Configuration conf) throws IOException {
    return open(file, file.getPath().getFileSystem(conf));
  }

  static FSDataInputStream open(FileStatus file, FileSystem storage) throws IOException {
    Path path = file.getPath();
    try {
      return storage
          .openFile(path)
          .withFileStatus(file)
          // S3A asks for short ranges then, and keeps the connection.
          .opt("fs.s3a.experimental.input.fadvise", "random")
          .build()
          .get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening " + path, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("can't open " + path, e);
    }
  }
}
