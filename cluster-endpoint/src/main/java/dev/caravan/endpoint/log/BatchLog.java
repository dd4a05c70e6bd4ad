package dev.caravan.endpoint.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
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
  private static final int PAGE_BUDGET = 4 * 1024 * 1024;

  private final LineIndex stdout;
  private final LineIndex stderr;
  private final LineIndex notes;
  private final Path notesFile;
  private final Map<String, Path> files;
  private final Supplier<List<String>> head;
  private final BooleanSupplier complete;

  /**
   * The log over three files.
   *
   * @param head gives {@link #HEAD_LINES} lines at any time
   * @param complete whether the files have got their last byte
   */
  public BatchLog(
      Path stdout, Path stderr, Path notes, Supplier<List<String>> head, BooleanSupplier complete) {
    this.stdout = new LineIndex(stdout);
    this.stderr = new LineIndex(stderr);
    this.notes = new LineIndex(notes);
    this.notesFile = notes;
    this.files = new LinkedHashMap<>();
    files.put("stdout", stdout);
    files.put("stderr", stderr);
    files.put("notes", notes);
    this.head = head;
    this.complete = complete;
  }

  /**
   * Adds a line under {@code YARN Diagnostics}: what the endpoint itself has to say about the
   * batch.
   */
  public void note(String line) {
    LOG.warn("{}: {}", notesFile, line);
    try {
      Files.writeString(
          notesFile, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.error("A note could not be written to {}.", notesFile, e);
    }
  }

  /** The files by the names of their streams: stdout, stderr, notes. Only ever appended to. */
  public Map<String, Path> files() {
    return Collections.unmodifiableMap(files);
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
