package dev.caravan.endpoint.batch;

import dev.caravan.endpoint.batch.Submission.Accepted;
import dev.caravan.endpoint.submit.RejectedException;
import java.io.IOException;
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
 * All batches by id, name and idempotency key; assigns ids and records accepted submissions. Reads
 * never wait for writes.
 */
public final class BatchRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchRegistry.class);

  private final Path directory;
  private final Disk disk;
  private final int maxLiving;
  private final long maxLog;
  private final Function<String, Optional<URI>> logAddress;
  private final Clock clock;
  private final ConcurrentSkipListMap<Integer, Batch> byId = new ConcurrentSkipListMap<>();
  private final Map<String, Batch> byName = new ConcurrentHashMap<>();
  private final Map<String, Batch> byKey = new ConcurrentHashMap<>();
  private final WriteAheadLog writeAhead;
  private final BatchDirectory lastIdFile;
  private final FinishedIndex finished;
  private int lastId;

  private BatchRegistry(
      Path directory,
      Disk disk,
      WriteAheadLog writeAhead,
      int maxLiving,
      long maxLog,
      Function<String, Optional<URI>> logAddress,
      Clock clock) {
    this.directory = directory;
    this.disk = disk;
    this.writeAhead = writeAhead;
    this.maxLiving = maxLiving;
    this.maxLog = maxLog;
    this.logAddress = logAddress;
    this.clock = clock;
    this.lastIdFile = new BatchDirectory(directory);
    this.finished = new FinishedIndex(directory.resolve("finished"));
  }

  /**
   * Opens the registry over a directory with one subdirectory per batch, and reads what is there.
   *
   * @param disk must have room for a batch to be taken
   * @param maxLiving batches that may run or wait at once; more are refused
   * @param maxLog bytes of a batch's stdout and of its stderr each that are kept
   * @param logAddress where the log of a new batch is shipped to, given its tag
   */
  public static BatchRegistry open(
      Path directory,
      Disk disk,
      int maxLiving,
      long maxLog,
      Function<String, Optional<URI>> logAddress,
      Clock clock)
      throws IOException {
    Files.createDirectories(directory);
    WriteAheadLog writeAhead = WriteAheadLog.open(directory.resolve("intake"));
    try {
      BatchRegistry registry =
          new BatchRegistry(directory, disk, writeAhead, maxLiving, maxLog, logAddress, clock);
      registry.replayWriteAhead();
      registry.read();
      return registry;
    } catch (IOException | RuntimeException e) {
      writeAhead.close();
      throw e;
    }
  }

  private void read() throws IOException {
    lastId = lastIdFile.readLastId();
    keepRoomForLastId();
    Map<Integer, FinishedBatch> known = finished.read();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(directory, BatchRegistry::isBatch)) {
      for (Path path : found) {
        int id = Integer.parseInt(path.getFileName().toString());
        lastId = Math.max(lastId, id);
        read(path, Optional.ofNullable(known.get(id))).ifPresent(batch -> byId.put(id, batch));
      }
    }
    byId.values().forEach(this::index);
  }

  private Optional<Batch> read(Path path, Optional<FinishedBatch> known) throws IOException {
    BatchDirectory files = new BatchDirectory(path);
    return known.isPresent()
        ? known.map(ended -> new Batch(ended, files, maxLog))
        : files.readRecord().map(record -> new Batch(record, files, maxLog));
  }

  /** Notes what is still to be known of a batch that has ended so, for the next start. */
  void noteFinished(Batch batch, Outcome outcome) {
    FinishedBatch ended = FinishedBatch.of(batch, outcome, batch.isDeleted());
    finished.add(ended);
    batch.keep(ended);
  }

  /** Anything else in the directory, such as a copy, is not a batch. */
  private static boolean isBatch(Path path) {
    return isId(path.getFileName().toString());
  }

  private void keepRoomForLastId() {
    try {
      lastIdFile.keepRoomForLastId();
    } catch (IOException e) {
      LOG.warn("No disk space could be reserved for {}/last-id: {}", directory, e.toString());
    }
  }

  /** Creates missing directories for the last submissions that an earlier endpoint accepted. */
  private void replayWriteAhead() throws IOException {
    for (byte[] bytes : writeAhead.read()) {
      new BatchDirectory(path(BatchDirectory.record(bytes).id())).restore(bytes);
    }
    writeAhead.clear();
  }

  private Path path(int id) {
    return directory.resolve(String.format(Locale.ROOT, "%06d", id));
  }

  private void index(Batch batch) {
    if (!batch.isDeleted()) {
      batch.record().name().ifPresent(name -> byName.put(name, batch));
    }
    batch.record().key().ifPresent(key -> byKey.put(key, batch));
  }

  /**
   * Records a submission, or finds the one that its key belongs to. Returns when the record is on
   * disk.
   *
   * @throws RejectedException if its name is taken by a living batch or too many wait
   * @throws StorageException if the disk doesn't take it
   * @throws KeyConflictException if its key belongs to another body
   */
  public synchronized Accepted accept(Submission submission) {
    Optional<Batch> first = submission.key().map(byKey::get);
    if (first.isPresent()) {
      return replay(first.get(), submission);
    }
    disk.requireRoom();
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
    submission.notes().forEach(batch.log()::note);
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
    if (other != null && !other.state().isFinished()) {
      throw new RejectedException(
          "the name '"
              + name
              + "' is taken by batch "
              + other.record().id()
              + ", which is not finished");
    }
  }

  private Batch write(BatchRecord record) {
    Path path = path(record.id());
    BatchDirectory files = new BatchDirectory(path);
    try {
      lastId = record.id();
      byte[] bytes = BatchDirectory.bytes(record);
      boolean onDisk = takeIn(bytes);
      files.create(bytes);
      if (!onDisk) {
        files.settle();
      }
      return new Batch(record, files, maxLog);
    } catch (FileAlreadyExistsException e) {
      forgetWriteAhead(files);
      throw new IllegalStateException(
          "The directory "
              + path
              + " exists although its id was never assigned; is another endpoint using it?",
          e);
    } catch (IOException e) {
      forgetHalf(files); // the caller hears that it failed, so a restart must not find and run it
      throw new StorageException("the batch can't be recorded in " + path, e);
    }
  }

  /** Whether the record is on disk now; one that is too large to be taken in isn't. */
  private boolean takeIn(byte[] record) throws IOException {
    if (writeAhead.add(record)) {
      return true;
    }
    emptyWriteAhead();
    return writeAhead.add(record);
  }

  /** Has all directories on disk first, since it is the only other place where records are. */
  private void emptyWriteAhead() throws IOException {
    for (Batch batch : byId.values()) {
      batch.directory().settle();
    }
    writeAhead.clear();
  }

  private void forgetHalf(BatchDirectory files) {
    forgetWriteAhead(files);
    try {
      files.delete();
    } catch (IOException e) {
      LOG.error("{} could not be deleted; a restart may run it.", files.path(), e);
    }
  }

  private void forgetWriteAhead(BatchDirectory files) {
    try {
      emptyWriteAhead();
    } catch (IOException e) {
      LOG.error(
          "The record of {} may still be in the write-ahead log; a restart may run it.",
          files.path(),
          e);
    }
  }

  /**
   * Forgets batches that ended before {@code ended}, by the steady clock, with all their files;
   * their ids are never given again.
   */
  synchronized void forget(Instant ended) throws IOException {
    List<Batch> old =
        byId.values().stream()
            .filter(batch -> batch.state().isFinished())
            .filter(batch -> batch.since().filter(since -> since.isBefore(ended)).isPresent())
            .toList();
    if (old.isEmpty()) {
      return;
    }
    emptyWriteAhead(); // or a restart would find the record of a batch whose files are gone
    lastIdFile.writeLastId(lastId);
    for (Batch batch : old) {
      byId.remove(batch.record().id());
      batch.record().name().ifPresent(name -> byName.remove(name, batch));
      batch.record().key().ifPresent(key -> byKey.remove(key, batch));
      batch.directory().delete();
    }
    keepRoomForLastId();
  }

  /**
   * Hides a finished batch from {@link #find} and {@link #listed}, after a restart too. Its record,
   * its log and its key stay for as long as every finished batch's.
   *
   * @throws StorageException if that can't be written down; then nothing is hidden
   */
  public synchronized void delete(Batch batch) {
    try {
      finished.addForGood(FinishedBatch.of(batch, batch.outcome().orElseThrow(), true));
      batch.delete();
    } catch (IOException e) {
      throw new StorageException(
          "that batch " + batch.record().id() + " is deleted can't be recorded", e);
    }
    batch.record().name().ifPresent(name -> forgetName(name, batch));
  }

  /** An earlier batch of the name that isn't deleted is found by it again. */
  private void forgetName(String name, Batch batch) {
    if (byName.remove(name, batch)) {
      byId.descendingMap().values().stream()
          .filter(other -> !other.isDeleted())
          .filter(other -> other.record().name().filter(name::equals).isPresent())
          .findFirst()
          .ifPresent(other -> byName.put(name, other));
    }
  }

  /** A batch by its id in digits, or else the latest of that name; none that is deleted. */
  public Optional<Batch> find(String idOrName) {
    Batch found = isId(idOrName) ? byId.get(Integer.valueOf(idOrName)) : byName.get(idOrName);
    return Optional.ofNullable(found).filter(batch -> !batch.isDeleted());
  }

  /** All batches that are visible to clients, oldest first. */
  public List<Batch> listed() {
    return byId.values().stream().filter(batch -> !batch.isDeleted()).toList();
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

  /** All batches, deleted ones too, oldest first. */
  public List<Batch> all() {
    return new ArrayList<>(byId.values());
  }

  /** Those that have no outcome yet, oldest first. */
  List<Batch> living() {
    return byId.values().stream().filter(batch -> !batch.state().isFinished()).toList();
  }

  /** Leaves nothing in the write-ahead log, and accepts nothing from then on. */
  @Override
  public synchronized void close() throws IOException {
    try (writeAhead) {
      emptyWriteAhead();
    }
  }
}
