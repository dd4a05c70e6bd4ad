package dev.caravan.shared.s3;

import dev.caravan.shared.settings.PropertiesFile;
import java.nio.file.Path;
import java.util.Map;

/** A static access key of S3; its text does not show the secret. */
public record S3Key(String id, String secret) {
  private static final String ID = "access-key-id";
  private static final String SECRET = "secret-access-key";

  /**
   * Reads a file of {@code access-key-id=} and {@code secret-access-key=}.
   *
   * @throws dev.caravan.shared.FatalException if it can't be used, in one sentence without the key
   */
  public static S3Key read(Path file) {
    Map<String, String> key = PropertiesFile.read(file, "of an S3 key", ID, SECRET);
    return new S3Key(key.get(ID), key.get(SECRET));
  }

  @Override
  public String toString() {
    return "S3Key[" + id + "]";
  }
}
