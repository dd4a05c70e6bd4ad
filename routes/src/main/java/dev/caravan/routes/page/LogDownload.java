package dev.caravan.routes.page;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.LogView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A job's log as far as it is there, read in parts while it is sent. For one thread. */
final class LogDownload extends InputStream {
  private static final int LINES = 5_000;

  private final ControlPlane plane;
  private final String run;
  private final String job;
  private final int attempt;
  private InputStream part = InputStream.nullInputStream();
  private int next;
  private boolean ended;

  LogDownload(ControlPlane plane, String run, String job, int attempt) {
    this.plane = plane;
    this.run = run;
    this.job = job;
    this.attempt = attempt;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    try {
      int read = part.read(bytes, offset, length);
      while (read < 0 && !ended) {
        part = new ByteArrayInputStream(more());
        read = part.read(bytes, offset, length);
      }
      return read;
    } catch (IOException e) {
      throw new IllegalStateException("Bytes in memory can always be read", e);
    }
  }

  private byte[] more() {
    LogView page = plane.log(new LogRequest(run, job, Optional.of(attempt), next, LINES));
    next += page.lines().size();
    ended = page.lines().isEmpty();
    return ended
        ? new byte[0]
        : (String.join("\n", page.lines()) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
