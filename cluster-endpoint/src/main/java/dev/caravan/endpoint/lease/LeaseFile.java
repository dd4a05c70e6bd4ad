package dev.caravan.endpoint.lease;

import dev.caravan.endpoint.batch.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The last renewal on disk, so that it survives a restart of the endpoint. */
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
    DurableFile.replace(file, renewal.toBytes());
  }
}
