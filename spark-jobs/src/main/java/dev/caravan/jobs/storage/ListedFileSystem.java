package dev.caravan.jobs.storage;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileStatus;

/**
 * Opens a file in S3 that was listed without asking S3 for what the listing has told.
 *
 * <p>To read a parquet file Spark opens it twice, for its footer and for its rows, and each time
 * S3A asks for its size twice. For a small file these requests cost more time than its bytes: it is
 * fetched once, as a whole.
 *
 * <p>Public and named in settings, because Hadoop creates it by its class name: one object each
 * time that a file is opened, in front of the file system that all share.
 */
public final class ListedFileSystem extends FilterFileSystem {
  /** Files up to this size are fetched as a whole. */
  private static final long WHOLE_BYTES = 4L << 20;

  private static final String IMPLEMENTATION = "fs.s3a.impl";
  private static final String UNCACHED = "fs.s3a.impl.disable.cache";
  private static final String SHARED = "caravan.shared.";

  private static final String S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem";

  private static final Map<String, FileSystem> STORAGES = new ConcurrentHashMap<>();
  private static final ThreadLocal<Listed> LISTED = new ThreadLocal<>();

  /** Lets those who take the file systems from {@code conf} open listed files so. */
  public static void use(Configuration conf) {
    for (String key : new String[] {IMPLEMENTATION, UNCACHED}) {
      String shared = conf.get(key);
      if (shared != null) {
        conf.set(SHARED + key, shared);
      }
    }
    conf.set(IMPLEMENTATION, ListedFileSystem.class.getName());
    conf.setBoolean(UNCACHED, true);
  }

  /** A step that opens a listed file. */
  @FunctionalInterface
  public interface Opening<T> {
    /** Opens it. */
    T open();
  }

  /** What {@code opening} returns, which may open {@code file} several times, on this thread. */
  public static <T> T opening(FileStatus file, Opening<T> opening) {
    LISTED.set(new Listed(file));
    try {
      return opening.open();
    } finally {
      LISTED.remove();
    }
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    String storage = name.getScheme() + "://" + name.getAuthority();
    FileSystem known = STORAGES.get(storage);
    if (known == null) {
      known = FileSystem.get(name, shared(conf));
      STORAGES.put(storage, known);
    }
    fs = known;
  }

  private static Configuration shared(Configuration conf) {
    Configuration shared = new Configuration(conf);
    for (String key : new String[] {IMPLEMENTATION, UNCACHED}) {
      String value = conf.get(SHARED + key);
      if (value == null) {
        shared.unset(key);
      } else {
        shared.set(key, value);
      }
    }
    return shared;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Listed listed = LISTED.get();
    return listed != null && listed.file.getPath().equals(path)
        ? listed.file
        : super.getFileStatus(path);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    Listed listed = LISTED.get();
    if (listed == null || !listed.file.getPath().equals(path)) {
      return super.open(path, bufferSize);
    }
    return listed.file.getLen() > WHOLE_BYTES
        ? listed.stream(fs)
        : new FSDataInputStream(new BytesInputStream(listed.content(fs)));
  }

  /** The file system behind it goes on. */
  @Override
  public void close() {}

  private static final class Listed {
    private final FileStatus file;
    private byte[] content;

    Listed(FileStatus file) {
      this.file = file;
    }

    byte[] content(FileSystem storage) throws IOException {
      if (content == null) {
        byte[] bytes = new byte[(int) file.getLen()];
        try (FSDataInputStream in = stream(storage)) {
          in.readFully(0, bytes);
        }
        content = bytes;
      }
      return content;
    }

    FSDataInputStream stream(FileSystem storage) throws IOException {
      return FileOpener.open(
          S3A.equals(storage.getClass().getName()) ? S3a.of(file) : file, storage);
    }
  }

  /** Apart, since Hadoop's module for S3 may not be there. */
  private static final class S3a {
    /** S3A believes no other status. */
    static FileStatus of(FileStatus file) {
      return new S3AFileStatus(
          file.getLen(), file.getModificationTime(), file.getPath(), 1, null, null, null);
    }
  }
}
