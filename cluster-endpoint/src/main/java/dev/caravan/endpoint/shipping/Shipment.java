package dev.caravan.endpoint.shipping;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.endpoint.batch.Batch;
import dev.caravan.shared.batches.ShippedNames;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch's log on its way to S3. Under its address stand {@code stdout/}, {@code stderr/} and
 * {@code notes/} with the chunks, each named by the offset of its first byte, and {@code log.json},
 * written last each time. The chunk that still grows is put again; a full one is put once. Local
 * marks ({@code shipping}, {@code shipped}) let a later endpoint go on from there. For one thread.
 */
final class Shipment {
  private static final Logger LOG = LoggerFactory.getLogger(Shipment.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** In bytes; so many are put again at each look at a log that grows slowly. */
  private static final int CHUNK = 4 * 1024 * 1024;

  private final Batch batch;
  private final URI address;
  private final Map<String, ChunkedFile> files = new LinkedHashMap<>();
  private final Map<String, Long> stored = new LinkedHashMap<>();
  private List<Object> lastSeen = List.of();
  private boolean complete;

  Shipment(Batch batch, URI address) {
    this.batch = batch;
    this.address = address;
    batch
        .log()
        .files()
        .forEach(
            (stream, file) ->
                files.put(stream, new ChunkedFile(file, CHUNK, batch.log().limit(stream))));
    stored.putAll(readMark());
  }

  /** Whether the batch's whole log is in S3 and will never change, as a former endpoint noted. */
  static boolean isShipped(Batch batch) {
    return Files.exists(batch.path().resolve("shipped"));
  }

  Batch batch() {
    return batch;
  }

  /** Whether nothing is left to ship. */
  boolean isComplete() {
    return complete;
  }

  /** Whether the batch was forgotten, and its files deleted. */
  boolean isForgotten() {
    return !Files.exists(batch.path());
  }

  /**
   * Ships what is new.
   *
   * @return whether the store was called
   * @throws IOException if a local file can't be read
   */
  boolean ship(LogStore store) throws LogStoreException, IOException {
    boolean last =
        batch.state().isFinished(); // before the look at the files: nothing comes after it
    for (ChunkedFile file : files.values()) {
      file.scan();
    }
    List<Object> seen = new ArrayList<>(List.of(batch.log().head(), last));
    files.values().forEach(file -> seen.add(file.bytes()));
    if (seen.equals(lastSeen)) {
      return false;
    }
    for (Map.Entry<String, ChunkedFile> each : files.entrySet()) {
      putChunks(store, each.getKey(), each.getValue());
    }
    store.putJson(address.resolve(ShippedNames.MANIFEST), Manifest.of(batch, CHUNK, files, last));
    lastSeen = seen;
    if (last) {
      mark("shipped", new byte[0]);
      complete = true;
    }
    return true;
  }

  private void putChunks(LogStore store, String stream, ChunkedFile file)
      throws LogStoreException, IOException {
    long done = Math.min(stored.getOrDefault(stream, 0L), file.bytes());
    while (done < file.bytes()) {
      long begin = done / CHUNK * CHUNK;
      long end = Math.min(begin + CHUNK, file.bytes());
      store.put(address.resolve(name(stream, begin)), file.path(), begin, end - begin);
      stored.put(stream, end);
      done = end;
      if (end - begin == CHUNK) {
        mark("shipping", JSON.writeValueAsBytes(stored));
      }
    }
  }

  private static String name(String stream, long offset) {
    return ShippedNames.chunk(stream, offset);
  }

  /** Marks only save work after a crash: a lost one makes the same bytes be put again. */
  private void mark(String name, byte[] content) {
    Path fresh = batch.path().resolve(name + ".new");
    try {
      Files.write(fresh, content);
      Files.move(
          fresh,
          batch.path().resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.debug("{} could not be written.", fresh, e);
    }
  }

  /** How much of each stream is in S3, as far as full chunks go. */
  private Map<String, Long> readMark() {
    Map<String, Long> found = new LinkedHashMap<>();
    try {
      Path file = batch.path().resolve("shipping");
      if (Files.exists(file)) {
        JSON.readTree(file.toFile())
            .properties()
            .forEach(each -> found.put(each.getKey(), each.getValue().asLong() / CHUNK * CHUNK));
      }
    } catch (IOException e) {
      found.clear(); // torn by a crash of the machine
    }
    return found;
  }
}
