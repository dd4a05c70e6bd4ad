package dev.caravan.endpoint.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.endpoint.process.BatchProcess;
import dev.caravan.shared.batches.BatchState;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The files of one batch. {@code request.json} is there first; {@code launch} says that starting
 * was tried; the script adds {@code pid} and {@code exit}; {@code kill} holds the reason of a kill
 * that was asked for; {@code summary.json} what the job said of itself; {@code outcome.json} is
 * last. {@code deleted} hides the batch from clients. Each is written aside, synced and moved into
 * place, so that none is ever seen in part. What says how a batch ended has its room on the disk
 * from the beginning, so that a full disk can't lose it.
 */
final class BatchDirectory {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String RECORD = "request.json";
  private static final String OUTCOME = "outcome.json";
  private static final String DELETED = "deleted";
  private static final String LAST_ID = "last-id";

  /** Of a file that is written aside. */
  private static final String NEW = ".new";

  /** In bytes: an outcome with a long reason. */
  private static final int OUTCOME_ROOM = 4096;

  /** In bytes: a process id, an exit code, the highest id. */
  private static final int NUMBER_ROOM = 32;

  private final Path path;
  private boolean settled = true;

  BatchDirectory(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  Path stdout() {
    return path.resolve("stdout");
  }

  Path stderr() {
    return path.resolve("stderr");
  }

  /** A record as it stands in the file. */
  static byte[] bytes(BatchRecord record) throws IOException {
    return JSON.writeValueAsBytes(node(record));
  }

  static ObjectNode node(BatchRecord record) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", record.id()).put("tag", record.tag()).put("owner", record.owner());
    record.name().ifPresent(name -> node.put("name", name));
    record.proxyUser().ifPresent(user -> node.put("proxyUser", user));
    record.key().ifPresent(key -> node.put("key", key));
    node.put("bodyHash", record.bodyHash()).put("acceptedAt", record.acceptedAt().toString());
    record.words().forEach(node.putArray("words")::add);
    record.logAddress().ifPresent(address -> node.put("logAddress", address.toString()));
    return node;
  }

  /**
   * Makes the directory with its record, which need not be on disk until {@link #settle}: until
   * then somebody else keeps the record there.
   */
  synchronized void create(byte[] record) throws IOException {
    Files.createDirectory(path);
    settled = false;
    keepRoom(OUTCOME, OUTCOME_ROOM);
    keepRoom("pid", NUMBER_ROOM); // the script writes these two
    keepRoom("exit", NUMBER_ROOM);
    writeRecord(record);
  }

  /** Blanks are overwritten where they stand, which takes no further room on the disk. */
  private void keepRoom(String name, int bytes) throws IOException {
    Files.writeString(path.resolve(name + NEW), " ".repeat(bytes));
  }

  /** Puts a directory right that may be there in part, or not at all, after a crash. */
  synchronized void restore(byte[] record) throws IOException {
    Files.createDirectories(path);
    settled = false;
    Path file = path.resolve(RECORD);
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), record)) {
      writeRecord(record);
    }
    settle();
  }

  private void writeRecord(byte[] record) throws IOException {
    Path fresh = path.resolve(RECORD + NEW);
    Files.write(fresh, record);
    moveIntoPlace(fresh, RECORD);
  }

  /** Returns when the directory and its record are on disk. */
  synchronized void settle() throws IOException {
    if (!settled) {
      forceRecord();
      syncEntries();
    }
  }

  private void forceRecord() throws IOException {
    try (FileChannel channel = FileChannel.open(path.resolve(RECORD), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private void syncEntries() throws IOException {
    sync(path);
    if (!settled) {
      sync(path.toAbsolutePath().getParent());
      settled = true;
    }
  }

  /** The record, unless the endpoint died before it was complete; nobody was told of that batch. */
  Optional<BatchRecord> readRecord() throws IOException {
    Optional<JsonNode> read = readJson(RECORD);
    return read.isEmpty() ? Optional.empty() : Optional.of(record(read.get()));
  }

  /** The record that {@link #bytes} made. */
  static BatchRecord record(byte[] bytes) throws IOException {
    return record(JSON.readTree(bytes));
  }

  static BatchRecord record(JsonNode node) {
    List<String> words = new ArrayList<>();
    node.path("words").forEach(word -> words.add(word.textValue()));
    return new BatchRecord(
        node.path("id").intValue(),
        node.path("tag").textValue(),
        node.path("owner").textValue(),
        Optional.ofNullable(node.path("name").textValue()),
        Optional.ofNullable(node.path("proxyUser").textValue()),
        Optional.ofNullable(node.path("key").textValue()),
        node.path("bodyHash").textValue(),
        Instant.parse(node.path("acceptedAt").textValue()),
        List.copyOf(words),
        Optional.ofNullable(node.path("logAddress").textValue()).map(URI::create));
  }

  void writeLaunch(Instant at) throws IOException {
    writeSynced("launch", at.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** When starting was tried; empty if it never was. */
  Optional<Instant> readLaunch() throws IOException {
    return readText("launch").map(Instant::parse);
  }

  void writeKill(String reason) throws IOException {
    writeSynced("kill", reason.getBytes(StandardCharsets.UTF_8));
  }

  Optional<String> readKill() throws IOException {
    return readText("kill");
  }

  void write(Outcome outcome, Optional<String> applicationId) throws IOException {
    writeSynced(OUTCOME, JSON.writeValueAsBytes(node(outcome, applicationId)));
  }

  static ObjectNode node(Outcome outcome, Optional<String> applicationId) {
    ObjectNode node = JSON.createObjectNode();
    node.put("state", outcome.state().name())
        .put("reason", outcome.reason())
        .put("endedAt", outcome.endedAt().toString());
    outcome.exitCode().ifPresent(code -> node.put("exitCode", code));
    outcome.leftover().ifPresent(text -> node.put("leftover", text));
    applicationId.ifPresent(id -> node.put("appId", id));
    return node;
  }

  /** A link to a file that is there: it takes no room on the disk. */
  synchronized void writeDeleted() throws IOException {
    if (!Files.exists(path.resolve(DELETED))) {
      settle();
      Files.createLink(path.resolve(DELETED), path.resolve(RECORD));
      sync(path);
    }
  }

  /** Whether clients are to find it no more. */
  boolean isDeleted() {
    return Files.exists(path.resolve(DELETED));
  }

  Optional<Outcome> readOutcome() throws IOException {
    return readJson(OUTCOME).map(BatchDirectory::outcome);
  }

  static Outcome outcome(JsonNode node) {
    return new Outcome(
        BatchState.valueOf(node.path("state").textValue()),
        node.has("exitCode")
            ? OptionalInt.of(node.path("exitCode").intValue())
            : OptionalInt.empty(),
        node.path("reason").textValue(),
        Optional.ofNullable(node.path("leftover").textValue()),
        Instant.parse(node.path("endedAt").textValue()));
  }

  Optional<String> readApplicationId() throws IOException {
    return readJson(OUTCOME).map(node -> node.path("appId").textValue());
  }

  /**
   * Takes over the summary that the job left, if it did.
   *
   * @throws IOException with one sentence, if what it left is not a summary
   */
  void keepSummary() throws IOException {
    Path left = BatchProcess.summary(path);
    if (Files.exists(left, LinkOption.NOFOLLOW_LINKS)) {
      writeSynced("summary.json", JSON.writeValueAsBytes(BatchSummary.read(left)));
    }
  }

  Optional<JsonNode> readSummary() {
    try {
      return readJson("summary.json");
    } catch (IOException e) {
      return Optional.empty(); // a poll is answered all the same
    }
  }

  /**
   * In the directory of all batches: the highest id ever given, since the directories of old ones
   * are gone.
   */
  void writeLastId(int id) throws IOException {
    writeSynced(LAST_ID, Integer.toString(id).getBytes(StandardCharsets.UTF_8));
  }

  /** So that old batches can be forgotten when the disk is full. */
  void keepRoomForLastId() throws IOException {
    keepRoom(LAST_ID, NUMBER_ROOM);
  }

  int readLastId() throws IOException {
    return readText(LAST_ID).map(Integer::valueOf).orElse(0);
  }

  /**
   * Deletes the directory with its files; the record goes first, so that half a batch is never
   * read.
   */
  void delete() throws IOException {
    Files.deleteIfExists(path.resolve(RECORD));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(path);
  }

  private Optional<JsonNode> readJson(String name) throws IOException {
    Path file = path.resolve(name);
    return Files.exists(file) ? Optional.of(JSON.readTree(file.toFile())) : Optional.empty();
  }

  private Optional<String> readText(String name) throws IOException {
    Path file = path.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file).trim()) : Optional.empty();
  }

  private synchronized void writeSynced(String name, byte[] bytes) throws IOException {
    if (!settled) {
      forceRecord(); // nothing about a batch is on disk before the batch is
    }
    Path fresh = path.resolve(name + NEW);
    // Not truncated first: the room that the file has may be the last on the disk.
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      DurableFile.write(channel, bytes);
      channel.truncate(bytes.length);
      channel.force(true);
    }
    moveIntoPlace(fresh, name);
    syncEntries();
  }

  private void moveIntoPlace(Path fresh, String name) throws IOException {
    Files.move(
        fresh,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes a directory's entries survive a crash of the machine. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
