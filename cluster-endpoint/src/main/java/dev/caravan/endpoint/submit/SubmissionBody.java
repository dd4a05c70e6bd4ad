package dev.caravan.endpoint.submit;

import dev.caravan.shared.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The body of a POST /batches, checked for form; conf is sorted by key.
 *
 * @param foreignConf what conf held beside Spark's settings; Livy takes it, and spark-submit would
 *     ignore it
 */
public record SubmissionBody(
    String file,
    Optional<String> className,
    Optional<String> name,
    Optional<String> proxyUser,
    Optional<String> queue,
    Optional<String> driverMemory,
    Optional<String> executorMemory,
    OptionalInt driverCores,
    OptionalInt executorCores,
    OptionalInt numExecutors,
    List<String> args,
    List<String> jars,
    List<String> pyFiles,
    List<String> files,
    List<String> archives,
    Map<String, String> conf,
    Map<String, String> foreignConf) {
  private static final int MAX_SAID = 20;
  private static final int MAX_KEY = 100;

  /** All files that it names, as it names them. */
  public List<String> places() {
    return Stream.of(List.of(file), jars, pyFiles, files, archives).flatMap(List::stream).toList();
  }

  /** What the batch's log is to say of the request, a line each. */
  public List<String> notes() {
    if (foreignConf.isEmpty()) {
      return List.of();
    }
    String keys =
        foreignConf.keySet().stream()
            .limit(MAX_SAID)
            .map(key -> key.length() > MAX_KEY ? key.substring(0, MAX_KEY) + "..." : key)
            .map(key -> "'" + key.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?") + "'")
            .collect(Collectors.joining(", "));
    int more = foreignConf.size() - MAX_SAID;
    return List.of(
        "caravan: left out of conf, since Spark's settings begin with 'spark.': "
            + keys
            + (more > 0 ? " and " + more + " more" : ""));
  }

  /**
   * SHA-256 in hex of the request as it was understood: the order of fields and blanks don't
   * matter. Every text goes in with its length and every list with its size, so that no two
   * requests can look alike.
   */
  public String hash() {
    MessageDigest digest = Sha256.digest();
    add(digest, file);
    Stream.of(className, name, proxyUser, queue, driverMemory, executorMemory)
        .forEach(text -> add(digest, text.stream().toList()));
    Stream.of(driverCores, executorCores, numExecutors)
        .forEach(count -> add(digest, count.toString()));
    Stream.of(args, jars, pyFiles, files, archives).forEach(texts -> add(digest, texts));
    add(digest, List.copyOf(conf.keySet()));
    add(digest, List.copyOf(conf.values()));
    if (!foreignConf.isEmpty()) { // a request without them keeps the hash that it always had
      add(digest, List.copyOf(foreignConf.keySet()));
      add(digest, List.copyOf(foreignConf.values()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, List<String> texts) {
    add(digest, Integer.toString(texts.size()));
    texts.forEach(text -> add(digest, text));
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
