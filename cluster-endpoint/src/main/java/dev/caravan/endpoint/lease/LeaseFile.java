package dev.caravan.endpoint.lease;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The last renewal on disk, so that a restart of the endpoint doesn't forget a living run. */
final class LeaseFile {
  private final Path file;

  LeaseFile(Path file) {
    this.file = file;
  }

  Optional<Renewal> read() throws IOException {
    return Files.exists(file) ? Renewal.fromBytes(Files.readAllBytes(file)) : Optional.empty();
  }

  /** On disk when it returns; a reader sees the old one or the new one, whole. */
  void write(Renewal renewal) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(renewal.toBytes()));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
