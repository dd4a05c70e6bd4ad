package dev.caravan.endpoint.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

  /**
   * Text of one answer is kept below this, in bytes; a caller asks on from where the page ended.
   */
  public static final int PAGE_BUDGET = 4 * 1024 * 1024;

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

  /**
   * A page.
   *
   * @param from first line; below 0 means the last {@code size} lines
   * @param size number of lines; below 0 means all
   */
  public LogPage page(long from, long size) {
    boolean ended = complete.getAsBoolean();
    long out = stdout.count(ended);
    long err = stderr.count(ended);
    long noted = notes.count(true);
    List<Section> sections =
        List.of(
            new Section(1, (f, n, b) -> List.of("stdout: ")),
            new Section(HEAD_LINES, (f, n, b) -> part(head.get(), f, n)),
            new Section(out, stdout::lines),
            new Section(1, (f, n, b) -> List.of("\nstderr: ")),
            new Section(err, stderr::lines),
            new Section(1, (f, n, b) -> List.of("\nYARN Diagnostics: ")),
            new Section(noted, notes::lines));
    long total = sections.stream().mapToLong(Section::count).sum();
    long wanted = size < 0 ? total : size;
    long first = from < 0 ? Math.max(0, total - wanted) : from;
    return new LogPage(first, total, read(sections, first, wanted));
  }

  private static List<String> read(List<Section> sections, long first, long wanted) {
    List<String> lines = new ArrayList<>();
    int budget = PAGE_BUDGET;
    long begin = 0;
    for (Section section : sections) {
      long skip = Math.max(0, first - begin);
      long take = Math.min(section.count() - skip, wanted - lines.size());
      if (take > 0 && budget > 0) {
        List<String> part = section.source().lines(skip, take, budget);
        lines.addAll(part);
        budget -= part.stream().mapToInt(String::length).sum();
        if (part.size() < take) {
          break; // what follows would be given wrong numbers
        }
      }
      begin += section.count();
    }
    return lines;
  }

  private static List<String> part(List<String> lines, long from, long size) {
    return lines.stream().skip(from).limit(size).toList();
  }

  private record Section(long count, Source source) {}

  private interface Source {
    List<String> lines(long from, long size, int budget);
  }
}
