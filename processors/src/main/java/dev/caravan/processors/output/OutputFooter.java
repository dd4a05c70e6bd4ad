package dev.caravan.processors.output;

import dev.caravan.processors.parquet.BoundedProtocol;
import dev.caravan.shared.FatalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import shaded.parquet.org.apache.thrift.TException;

/**
 * The footer of a parquet file. The format (parquet-format, README "File format"): the last bytes
 * are the file metadata, its length in four bytes, and {@code PAR1}.
 *
 * @param columns of the top level
 */
record OutputFooter(long rows, List<String> columns) {
  private static final int MAGIC_BYTES = 4;
  private static final int TRAILER_BYTES = 8;
  private static final int LARGEST_METADATA_BYTES = 16 * 1024 * 1024;

  /** Enough for nearly every footer, so that most files cost one call. */
  private static final int FIRST_READ_BYTES = 64 * 1024;

  static OutputFooter read(S3Objects s3, StoredObject file) {
    return of(file, metadata(s3, file));
  }

  /**
   * All that the footer says.
   *
   * @throws FatalException if the file is no parquet file
   */
  static FileMetaData metadata(S3Objects s3, StoredObject file) {
    if (file.size() < MAGIC_BYTES + TRAILER_BYTES) {
      throw broken(file, "its " + file.size() + " bytes are too few");
    }
    int first = (int) Math.min(file.size(), FIRST_READ_BYTES);
    byte[] tail = s3.range(file.location(), file.size() - first, file.size() - 1);
    int length = metadataLength(file, tail);
    int end = first - TRAILER_BYTES;
    byte[] metadata =
        length <= end
            ? Arrays.copyOfRange(tail, end - length, end)
            : s3.range(
                file.location(),
                file.size() - TRAILER_BYTES - length,
                file.size() - TRAILER_BYTES - 1);
    return thrift(file, metadata);
  }

  private static int metadataLength(StoredObject file, byte[] tail) {
    String magic = new String(tail, tail.length - 4, 4, StandardCharsets.ISO_8859_1);
    if (magic.equals("PARE")) {
      throw broken(file, "its footer is encrypted and can't be checked");
    }
    if (!magic.equals("PAR1")) {
      throw broken(
          file, "it doesn't end as a parquet file does: it is truncated or not a parquet file");
    }
    int length =
        ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tail.length - TRAILER_BYTES);
    if (length <= 0 || length > file.size() - MAGIC_BYTES - TRAILER_BYTES) {
      throw broken(file, "its footer declares " + length + " bytes of " + file.size());
    }
    if (length > LARGEST_METADATA_BYTES) {
      throw broken(
          file, "its footer of " + length + " bytes exceeds " + LARGEST_METADATA_BYTES + " bytes");
    }
    return length;
  }

  static OutputFooter parse(StoredObject file, byte[] metadata) {
    return of(file, thrift(file, metadata));
  }

  private static FileMetaData thrift(StoredObject file, byte[] metadata) {
    FileMetaData read = new FileMetaData();
    try {
      read.read(new BoundedProtocol(metadata));
      return read;
    } catch (TException | RuntimeException | StackOverflowError e) {
      throw unreadable(file, e);
    }
  }

  static OutputFooter of(StoredObject file, FileMetaData read) {
    try {
      return new OutputFooter(rows(read), topLevel(read.getSchema()));
    } catch (RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  private static FatalException unreadable(StoredObject file, Throwable e) {
    return broken(file, "its footer can't be read (" + e.getMessage() + ")");
  }

  private static long rows(FileMetaData metadata) {
    if (metadata.getNum_rows() < 0) {
      throw new IllegalArgumentException("it claims " + metadata.getNum_rows() + " rows");
    }
    return metadata.getNum_rows();
  }

  /** The schema is a tree written depth first; its first element is the root. */
  private static List<String> topLevel(List<SchemaElement> schema) {
    List<String> columns = new ArrayList<>();
    int next = 1;
    for (int child = 0; child < schema.get(0).getNum_children(); child++) {
      columns.add(schema.get(next).getName());
      int open = 1;
      while (open > 0) {
        open += schema.get(next).getNum_children() - 1;
        next++;
      }
    }
    return columns;
  }

  private static FatalException broken(StoredObject file, String why) {
    return new FatalException(
        file.location() + " is not a valid parquet file: " + why + "; run the job again.");
  }
}
