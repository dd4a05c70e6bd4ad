package dev.caravan.endpoint.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The disk that batches are recorded on. Thread-safe. */
public final class Disk {
  private static final long MIB = 1024 * 1024;
  private static final int PROBE = 4096;

  private final Path directory;
  private final long minFree;

  /**
   * The disk of a directory.
   *
   * @param minFree bytes that must be free, so that running batches have room while none is taken
   */
  public Disk(Path directory, long minFree) {
    this.directory = directory;
    this.minFree = minFree;
  }

  /** Why nothing can be recorded, in one sentence, found out by writing; empty if it can. */
  public Optional<String> obstacle() {
    return shortage().or(this::fault);
  }

  private Optional<String> shortage() {
    long free = directory.toFile().getUsableSpace();
    return free >= minFree
        ? Optional.empty()
        : Optional.of(
            "The disk of endpoint.data-dir="
                + directory
                + " has "
                + free / MIB
                + " MiB left, "
                + minFree / MIB
                + " MiB are needed (endpoint.min-free); free some space there.");
  }

  /** A disk can have room and take nothing: no inodes, a quota, read-only after an error. */
  private Optional<String> fault() {
    Path probe = directory.resolve("probe");
    try {
      Files.write(probe, new byte[PROBE]);
      Files.delete(probe);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "The disk of endpoint.data-dir="
              + directory
              + " can't be written to: "
              + e.getMessage()
              + ".");
    }
  }

  /**
   * To be called before something is taken in.
   *
   * @throws StorageException if there is too little room
   */
  void requireRoom() {
    shortage()
        .ifPresent(
            sentence -> {
              throw new StorageException(sentence);
            });
  }
}
