package dev.caravan.routes.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Tells clients of the same user where a server is, and lets them in. The file appears whole, for
 * its owner alone, and goes when the server ends; after a kill -9 it stays, with the id of a
 * process that is gone.
 *
 * @param address such as {@code http://127.0.0.1:8180}
 * @param token to be shown as a bearer token; it may do everything
 * @param certificate what the server shows over TLS, DER in Base64; nobody else has its key
 */
public record ServerFile(URI address, long pid, String token, Optional<String> certificate) {
  /** The name under which the file's token lets in. */
  static final String CALLER = "local";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** That of this process, with a token of its own. */
  static ServerFile ofThisProcess(URI address, String token, Optional<byte[]> certificate) {
    return new ServerFile(
        address,
        ProcessHandle.current().pid(),
        token,
        certificate.map(Base64.getEncoder()::encodeToString));
  }

  static String newToken() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Empty if there is none, or none that can be read. */
  public static Optional<ServerFile> read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      return Optional.of(
          new ServerFile(
              URI.create(json.path("address").asText()),
              json.path("pid").asLong(),
              json.path("token").asText(),
              Optional.of(json.path("certificate").asText()).filter(text -> !text.isEmpty())));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the process that wrote it, or one of the same number, lives. */
  public boolean isAlive() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  /**
   * Writes it.
   *
   * @throws FatalException if it can't be written
   */
  void write(Path file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("address", address.toString());
    fields.put("pid", pid);
    fields.put("token", token);
    certificate.ifPresent(text -> fields.put("certificate", text));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              "server",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, JSON.writeValueAsString(fields).getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new FatalException(
          "The server's file " + file + " can't be written (caravan.server.file): " + e, e);
    }
  }

  /** Removes it, unless another server has written one there since. */
  void remove(Path file) {
    try {
      if (read(file).filter(this::equals).isPresent()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Not a constant: a command that only reads the file would wait for the logging to start.
      LoggerFactory.getLogger(ServerFile.class)
          .error("The server's file {} can't be removed: {}", file, e.toString());
    }
  }

  @Override
  public String toString() {
    return "ServerFile[" + address + ", pid " + pid + "]";
  }
}
