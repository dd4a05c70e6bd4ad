package dev.caravan.endpoint.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The process of one batch, as a child of this endpoint or as one that an earlier endpoint left
 * behind. What it knows it reads from the batch's directory and /proc, so both are treated alike.
 */
public final class BatchProcess {
  /** Name of the environment variable that marks every process of a batch. */
  public static final String MARK = "CARAVAN_BATCH";

  /**
   * Name of the environment variable that tells a job where to leave its summary. In cluster mode
   * the driver has another environment and another disk: there is no summary then.
   */
  public static final String SUMMARY = "CARAVAN_SUMMARY";

  private static final Duration SCRIPT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");

  private final Scripts scripts;
  private final Path directory;
  private final String mark;
  private final long pid;
  private final long since;

  /**
   * A process.
   *
   * @param since when it started, as {@link ProcessTable#startOf}; 0 if it is gone
   */
  private BatchProcess(Scripts scripts, Path directory, String tag, long pid, long since) {
    this.scripts = scripts;
    this.directory = directory;
    this.mark = mark(tag);
    this.pid = pid;
    this.since = since;
  }

  /**
   * Starts {@code words} in a session of its own, output appended to the directory's {@code stdout}
   * and {@code stderr}.
   *
   * @throws IOException if no process came into being
   */
  public static BatchProcess start(Scripts scripts, Path directory, String tag, List<String> words)
      throws IOException {
    if (!Files.isExecutable(Path.of(words.get(0))) || Files.isDirectory(Path.of(words.get(0)))) {
      throw new IOException("there is no program " + words.get(0) + " that this user may execute");
    }
    List<String> argv =
        new ArrayList<>(
            List.of("setsid", "/bin/sh", scripts.runBatch().toString(), directory.toString()));
    argv.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("stdout").toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("stderr").toFile()));
    builder.environment().putAll(Map.of(MARK, tag, SUMMARY, summary(directory).toString()));
    long pid = builder.start().pid();
    return new BatchProcess(scripts, directory, tag, pid, ProcessTable.startOf(pid));
  }

  private static String mark(String tag) {
    return MARK + "=" + tag;
  }

  /** The file in a batch's directory that {@link #SUMMARY} names. */
  public static Path summary(Path directory) {
    return directory.resolve("summary");
  }

  /**
   * Finds the process that an earlier endpoint started, or makes sure that none will come: either
   * its script has already written the file {@code pid}, or this call takes that file's place and
   * the script will refuse to run.
   *
   * @return empty if the batch never ran and never will
   */
  public static Optional<BatchProcess> find(Scripts scripts, Path directory, String tag)
      throws IOException {
    awaitScript(directory, tag);
    Path file = directory.resolve("pid");
    try {
      // Any file that is no number does; a link takes no room on a full disk.
      Files.createLink(file, scripts.runBatch());
      return Optional.empty();
    } catch (FileAlreadyExistsException e) {
      String pid = Files.readString(file).trim();
      return NUMBER.matcher(pid).matches()
          ? Optional.of(found(scripts, directory, tag, Long.parseLong(pid)))
          : Optional.empty();
    }
  }

  /**
   * An id may belong to somebody else by now. The mark tells: it is ASCII, so it is the same in
   * every locale and however the data directory's path is written.
   */
  private static BatchProcess found(Scripts scripts, Path directory, String tag, long pid) {
    long start = ProcessTable.startOf(pid); // before it is made sure whose id it is
    boolean ours = ProcessTable.isMarked(pid, mark(tag));
    return new BatchProcess(scripts, directory, tag, pid, ours ? start : 0);
  }

  /** A script that was started just before the earlier endpoint ended gets a moment to say so. */
  private static void awaitScript(Path directory, String tag) {
    long deadline = System.nanoTime() + SCRIPT.toNanos();
    while (!Files.exists(directory.resolve("pid"))
        && System.nanoTime() < deadline
        && ProcessTable.anyIsMarked(mark(tag))) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Process id of the script, which leads the group. */
  public long pid() {
    return pid;
  }

  /**
   * Whether the script still runs; a process of the same id that is not this batch's doesn't count.
   */
  public boolean isRunning() {
    return since != 0 && ProcessTable.lives(pid, since);
  }

  /** The exit code that the script wrote down. */
  public OptionalInt exitCode() {
    try {
      Path exit = directory.resolve("exit");
      return Files.exists(exit)
          ? OptionalInt.of(Integer.parseInt(Files.readString(exit).trim()))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** All processes of the batch. */
  public ProcessGroup group() {
    return new ProcessGroup(scripts.signalGroup(), pid, mark, since);
  }
}
