package dev.caravan.jobs.input;

import java.io.IOException;

/** Reading a file failed; says which, since what failed rarely does. */
public final class UnreadableFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Reading {@code file} failed with {@code cause}. */
  public UnreadableFileException(String file, Throwable cause) {
    super(
        "can't read the file "
            + file
            + "; if it is damaged, write it again, or exclude it: delete it, or rename it"
            + " to begin with '_'",
        cause);
  }
}
