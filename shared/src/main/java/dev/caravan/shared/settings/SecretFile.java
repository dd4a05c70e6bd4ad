package dev.caravan.shared.settings;

import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file that contains a secret; it is read each time, so that a new secret needs no restart.
 *
 * @param what what it is, for the beginning of a message
 */
public record SecretFile(String what, Path path) {
  private static final Logger log = LoggerFactory.getLogger(SecretFile.class);
  private static final int LARGEST = 64 * 1024;

  /**
   * The file's text without surrounding blanks.
   *
   * @throws FatalException if there is none; never quotes the file
   */
  public String read() {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException e) {
      throw new FatalException(what + " " + path + " does not exist: put it there");
    } catch (IOException e) {
      throw new FatalException(what + " " + path + " can't be read: " + e, e);
    }
    if (bytes.length > LARGEST) {
      throw new FatalException(
          what + " " + path + " is larger than " + LARGEST + " bytes: it must be another file");
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new FatalException(what + " " + path + " is empty: put the secret into it");
    }
    return text;
  }

  /** The file's text if it is one word of printable ASCII, as tokens are. */
  public String readToken() {
    String token = read();
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new FatalException(
          what + " " + path + " must hold one token and nothing else: write the bare token there");
    }
    return token;
  }

  /** Warns if every user of this machine may read the file. */
  public void warnIfOpen() {
    try {
      var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
      if (view != null
          && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
        log.warn("{} {} can be read by every user of this machine: chmod 600 it", what, path);
      }
    } catch (IOException e) {
      log.debug("permissions of {} are unknown", path, e); // reading it will say what is wrong
    }
  }
}
