package dev.caravan.endpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.endpoint.batch.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other programs that this process answers requests, and where. The file appears whole; it is
 * absent while the endpoint starts and after it was stopped. After a kill -9 it stays, with the id
 * of a process that is gone. A file that can't be written is logged and stops nothing.
 */
final class ReadyFile {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyFile.class);

  private final Path path;

  ReadyFile(Path path) {
    this.path = path;
  }

  void write(String host, int port) {
    Map<String, Object> ready = new LinkedHashMap<>();
    ready.put("pid", ProcessHandle.current().pid());
    ready.put("host", host);
    ready.put("port", port);
    try {
      DurableFile.replace(path.toAbsolutePath(), new ObjectMapper().writeValueAsBytes(ready));
    } catch (IOException e) {
      LOG.error("The file {} can't be written (endpoint.ready-file): {}", path, e.toString());
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.error("The file {} can't be removed (endpoint.ready-file): {}", path, e.toString());
    }
  }
}
