package dev.caravan.endpoint.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32;

/**
 * The write-ahead log of accepted submissions: the records of the newest batches in one file of
 * fixed size. Overwriting existing blocks of a file needs no commit of the file system's journal,
 * which would include all other pending writes of the machine. A record stays here until its
 * batch's directory is on disk as well; {@link BatchRegistry} ensures that.
 *
 * <p>Each record is its length, its checksum, the series that it belongs to, and its bytes. A new
 * series begins at the start of the file; what is left of an older one behind it is not read. Not
 * thread-safe.
 */
final class WriteAheadLog implements AutoCloseable {
  private static final int SIZE = 256 * 1024;
  private static final int HEAD = 4 + 8 + 8;

  private final FileChannel channel;
  private long series;
  private int end;

  private WriteAheadLog(FileChannel channel) {
    this.channel = channel;
    begin();
  }

  /** Opens the file, or makes it in its full size. */
  static WriteAheadLog open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.size() != SIZE) {
        write(channel, ByteBuffer.allocate(SIZE), 0);
        channel.force(true);
        BatchDirectory.sync(file.toAbsolutePath().getParent());
      }
      return new WriteAheadLog(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void begin() {
    series = ThreadLocalRandom.current().nextLong();
    end = 0;
  }

  /** The records of the last series, oldest first; to be called before anything is added. */
  List<byte[]> read() throws IOException {
    ByteBuffer all = ByteBuffer.allocate(SIZE);
    while (all.hasRemaining() && channel.read(all, all.position()) > 0) {
      // A file is read in one go as a rule.
    }
    all.flip();
    List<byte[]> records = new ArrayList<>();
    long first = 0;
    while (all.remaining() >= HEAD) {
      int length = all.getInt();
      long sum = all.getLong();
      long of = all.getLong();
      if (length <= 0 || length > all.remaining() || (!records.isEmpty() && of != first)) {
        return records;
      }
      byte[] record = new byte[length];
      all.get(record);
      if (sum != checksum(of, record)) {
        return records;
      }
      first = of;
      records.add(record);
    }
    return records;
  }

  /** Adds a record and returns when it is on disk; false if there is no room for it. */
  boolean add(byte[] record) throws IOException {
    if (record.length > SIZE - end - HEAD) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + record.length);
    bytes.putInt(record.length).putLong(checksum(series, record)).putLong(series).put(record);
    write(channel, bytes.flip(), end);
    channel.force(false);
    end += HEAD + record.length;
    return true;
  }

  /** Forgets all records, on disk too, and has room again. */
  void clear() throws IOException {
    write(channel, ByteBuffer.allocate(HEAD), 0);
    channel.force(false);
    begin();
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  private static long checksum(long series, byte[] record) {
    CRC32 sum = new CRC32();
    sum.update(ByteBuffer.allocate(8).putLong(series).flip());
    sum.update(record);
    return sum.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
