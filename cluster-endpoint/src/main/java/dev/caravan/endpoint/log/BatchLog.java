package dev.caravan.endpoint.log;

import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.PagedLog;
import dev.caravan.shared.batches.PagedLog.Section;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch's log, framed as Livy frames it: {@code stdout: }, lines, {@code \nstderr: }, lines,
 * {@code \nYARN Diagnostics: }, lines. Right after the first line stand {@link #HEAD_LINES} lines
 * of our own, since some clients read only the first hundred. The number of lines never shrinks.
 * Thread-safe.
 */
public final class BatchLog {
  private static final Logger LOG = LoggerFactory.getLogger(BatchLog.class);

  /** How many lines the head has, whatever it says. */
  public static final int HEAD_LINES = 4;

  private final LineIndex stdout;
  private final LineIndex stderr;
  private final LineIndex notes;
  private final BatchFiles files;
  private final long limit;
  private final Supplier<List<String>> head;
  private final BooleanSupplier complete;

  /**
   * The log over three files.
   *
   * @param limit bytes of stdout and of stderr each that are kept
   * @param head gives {@link #HEAD_LINES} lines at any time
   * @param complete whether the files have got their last byte
   */
  public BatchLog(
      BatchFiles files, long limit, Supplier<List<String>> head, BooleanSupplier complete) {
    this.stdout = new LineIndex(files.stdout(), limit);
    this.stderr = new LineIndex(files.stderr(), limit);
    this.notes = new LineIndex(files.notes(), Long.MAX_VALUE);
    this.files = files;
    this.limit = limit;
    this.head = head;
    this.complete = complete;
  }

  /**
   * Adds a line under {@code YARN Diagnostics}: what the endpoint itself has to say about the
   * batch.
   */
  public void note(String line) {
    LOG.warn("{}: {}", files.notes(), line);
    try {
      Files.writeString(
          files.notes(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.error("A note could not be written to {}: {}", files.notes(), e.toString());
    }
  }

  /** The files by the names of their streams: stdout, stderr, notes. Only ever appended to. */
  public Map<String, Path> files() {
    return files.byStream();
  }

  /** Whether making its index anew would keep a caller waiting. */
  public boolean isLong() {
    return stdout.isLong() || stderr.isLong() || notes.isLong();
  }

  /** Bytes of a stream that are kept; what is behind them in its file may be cut off any time. */
  public long limit(String stream) {
    return stream.equals("notes") ? Long.MAX_VALUE : limit;
  }

  /**
   * Cuts off what the batch has printed beyond the limit, and says so when it is the first time. To
   * be called again and again while the batch runs: its processes append to these very files, so
   * they go on and learn nothing of it.
   */
  public void cut() {
    cut("stdout", files.stdout());
    cut("stderr", files.stderr());
  }

  private void cut(String stream, Path file) {
    try {
      if (Files.exists(file) && Files.size(file) > limit) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(limit);
        }
        String said = "caravan: " + stream + " has reached " + limit + " bytes (endpoint.max-log);";
        if (!Files.exists(files.notes()) || !Files.readString(files.notes()).contains(said)) {
          note(said + " what is printed beyond them is not kept, the batch goes on");
        }
      }
    } catch (IOException e) {
      LOG.error("{} could not be cut to endpoint.max-log: {}", file, e.toString());
    }
  }

  /** The lines at the head, as of now. */
  public List<String> head() {
    return head.get();
  }

  /** A page, as {@link PagedLog#page} gives it. */
  public LogPage page(long from, long size) {
    boolean ended = complete.getAsBoolean();
    return new PagedLog(
            new Section(HEAD_LINES, (f, n, b) -> head.get().stream().skip(f).limit(n).toList()),
            new Section(stdout.count(ended), stdout::lines),
            new Section(stderr.count(ended), stderr::lines),
            new Section(notes.count(true), notes::lines))
        .page(from, size);
  }
}
