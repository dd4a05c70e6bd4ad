package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.batch.Submission.Accepted;
import dev.caravan.endpoint.submit.RejectedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All batches by id, name and idempotency key; gives out ids and records what was accepted. Reads
 * never wait for writes.
 */
public final class BatchBook {
  private static final Logger LOG = LoggerFactory.getLogger(BatchBook.class);

  private final Path directory;
  private final int maxLiving;
  private final Function<String, Optional<URI>> logAddress;
  private final Clock clock;
  private final ConcurrentSkipListMap<Integer, Batch> byId = new ConcurrentSkipListMap<>();
  private final Map<String, Batch> byName = new ConcurrentHashMap<>();
  private final Map<String, Batch> byKey = new ConcurrentHashMap<>();
  private int lastId;

  private BatchBook(
      Path directory, int maxLiving, Function<String, Optional<URI>> logAddress, Clock clock) {
    this.directory = directory;
    this.maxLiving = maxLiving;
    this.logAddress = logAddress;
    this.clock = clock;
  }

  /**
   * Opens the book over a directory with one subdirectory per batch, and reads what is there.
   *
   * @param maxLiving batches that may run or wait at once; more are refused
   * @param logAddress where the log of a new batch is shipped to, given its tag
   */
  public static BatchBook open(
      Path directory, int maxLiving, Function<String, Optional<URI>> logAddress, Clock clock)
      throws IOException {
    Files.createDirectories(directory);
    BatchBook book = new BatchBook(directory, maxLiving, logAddress, clock);
    book.lastId = new BatchDirectory(directory).readLastId();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "[0-9]*")) {
      for (Path path : found) {
        book.lastId = Math.max(book.lastId, Integer.parseInt(path.getFileName().toString()));
        BatchDirectory files = new BatchDirectory(path);
        files
            .readRecord()
            .ifPresent(record -> book.byId.put(record.id(), new Batch(record, files)));
      }
    }
    book.byId.values().forEach(book::index);
    return book;
  }

  private void index(Batch batch) {
    batch.record().name().ifPresent(name -> byName.put(name, batch));
    batch.record().key().ifPresent(key -> byKey.put(key, batch));
  }

  /**
   * Records a submission, or finds the one that its key belongs to. Returns when the record is on
   * disk.
   *
   * @throws RejectedException if its name is taken by a living batch or too many wait
   * @throws KeyConflictException if its key belongs to another body
   */
  public synchronized Accepted accept(Submission submission) {
    Optional<Batch> first = submission.key().map(byKey::get);
    if (first.isPresent()) {
      return replay(first.get(), submission);
    }
    submission.name().ifPresent(this::refuseTakenName);
    int living = living().size();
    if (living >= maxLiving) {
      throw new RejectedException(
          "too many batches: "
              + living
              + " are running or waiting (endpoint.max-running, endpoint.max-queued)");
    }
    int id = lastId + 1;
    String tag =
        "caravan-"
            + id
            + "-"
            + UUID.randomUUID().toString().substring(0, 8).toLowerCase(Locale.ROOT);
    List<String> words = submission.words().apply(tag);
    BatchRecord record =
        new BatchRecord(
            id,
            tag,
            submission.owner(),
            submission.name(),
            submission.proxyUser(),
            submission.key(),
            submission.bodyHash(),
            clock.instant(),
            words,
            logAddress.apply(tag));
    Batch batch = write(record);
    byId.put(id, batch);
    index(batch);
    return new Accepted(batch, false);
  }

  private static Accepted replay(Batch batch, Submission submission) {
    if (!batch.record().bodyHash().equals(submission.bodyHash())) {
      throw new KeyConflictException(submission.key().orElse(""), batch.record().id());
    }
    return new Accepted(batch, true);
  }

  private void refuseTakenName(String name) {
    Batch other = byName.get(name);
    if (other != null && !other.state().isFinal()) {
      throw new RejectedException(
          "the name '"
              + name
              + "' is taken by batch "
              + other.record().id()
              + ", which is not finished");
    }
  }

  private Batch write(BatchRecord record) {
    Path path = directory.resolve(String.format(Locale.ROOT, "%06d", record.id()));
    BatchDirectory files = new BatchDirectory(path);
    try {
      lastId = record.id();
      Files.createDirectory(path);
      files.write(record);
      BatchDirectory.sync(directory);
      return new Batch(record, files);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalStateException(
          "The directory "
              + path
              + " is there although its id was never given; is another endpoint using it?",
          e);
    } catch (IOException e) {
      forgetHalf(files); // the caller hears that it failed, so a restart must not find and run it
      throw new UncheckedIOException(
          "The batch can't be recorded in " + path + ": " + e.getMessage(), e);
    }
  }

  private static void forgetHalf(BatchDirectory files) {
    try {
      files.delete();
    } catch (IOException e) {
      LOG.error("{} could not be deleted; a restart may run it.", files.path(), e);
    }
  }

  /**
   * Forgets batches that ended before {@code ended}, with all their files; their ids are never
   * given again.
   */
  synchronized void forget(Instant ended) throws IOException {
    List<Batch> old =
        byId.values().stream()
            .filter(batch -> batch.outcome().filter(o -> o.endedAt().isBefore(ended)).isPresent())
            .toList();
    if (old.isEmpty()) {
      return;
    }
    new BatchDirectory(directory).writeLastId(lastId);
    for (Batch batch : old) {
      byId.remove(batch.record().id());
      batch.record().name().ifPresent(name -> byName.remove(name, batch));
      batch.record().key().ifPresent(key -> byKey.remove(key, batch));
      batch.directory().delete();
    }
  }

  /** A batch by its id in digits, or else the latest of that name. */
  public Optional<Batch> find(String idOrName) {
    if (isId(idOrName)) {
      return Optional.ofNullable(byId.get(Integer.valueOf(idOrName)));
    }
    return Optional.ofNullable(byName.get(idOrName));
  }

  /** One to nine digits; every poll comes by here, so no regular expression. */
  private static boolean isId(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 9;
  }

  /** All batches, oldest first. */
  public List<Batch> all() {
    return new ArrayList<>(byId.values());
  }

  /** Those that have no outcome yet, oldest first. */
  List<Batch> living() {
    return byId.values().stream().filter(batch -> !batch.state().isFinal()).toList();
  }

  /** How many there are. */
  public int size() {
    return byId.size();
  }
}
