package dev.caravan.endpoint.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches the output file of a program for a Spark application id. Each call continues where the
 * last one ended, up to the first 1 MiB, because Spark prints the id early. Thread-safe.
 */
final class ApplicationIdScanner {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final int CHUNK = 64 * 1024;
  private static final int LONGEST = 128;

  private static final Pattern PRINTED =
      Pattern.compile(
          "(?:[Aa]pplication |app(?:lication)? ID |for app )(application_\\d+_\\d+|app-\\d+-\\d+|local-\\d+)");

  private final Path file;
  private Optional<String> found = Optional.empty();
  private String tail = "";
  private long seen;

  ApplicationIdScanner(Path file) {
    this.file = file;
  }

  /**
   * The id, if it has been printed by now.
   *
   * @throws IOException if the file can't be read
   */
  synchronized Optional<String> look() throws IOException {
    if (found.isPresent() || seen >= MAX_BYTES) {
      return found;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (found.isEmpty() && seen < MAX_BYTES && channel.read(chunk.clear(), seen) > 0) {
        seen += chunk.position();
        search(tail + new String(chunk.array(), 0, chunk.position(), StandardCharsets.ISO_8859_1));
      }
    }
    return found;
  }

  private void search(String text) {
    Matcher matcher = PRINTED.matcher(text);
    // An id at the very end may go on in what comes next.
    if (matcher.find() && matcher.end() < text.length()) {
      found = Optional.of(matcher.group(1));
    }
    tail = text.substring(Math.max(0, text.length() - LONGEST));
  }
}
