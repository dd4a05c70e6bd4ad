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

  private final Scripts scripts;
  private final Path directory;
  private final String mark;
  private final long pid;
  private final long since;

  private BatchProcess(Scripts scripts, Path directory, String tag, long pid) {
    this.scripts = scripts;
    this.directory = directory;
    this.mark = MARK + "=" + tag;
    this.pid = pid;
    long start = ProcessTable.startOf(pid); // before it is made sure whose id it is
    this.since = isRunning() ? start : 0;
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
    return new BatchProcess(scripts, directory, tag, builder.start().pid());
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
    awaitScript(directory);
    Path none = Files.writeString(directory.resolve("pid.none"), "none\n");
    try {
      Files.createLink(directory.resolve("pid"), none);
      return Optional.empty();
    } catch (FileAlreadyExistsException e) {
      String pid = Files.readString(directory.resolve("pid")).trim();
      return pid.equals("none")
          ? Optional.empty()
          : Optional.of(new BatchProcess(scripts, directory, tag, Long.parseLong(pid)));
    } finally {
      Files.deleteIfExists(none);
    }
  }

  /** A script that was started just before the earlier endpoint ended gets a moment to say so. */
  private static void awaitScript(Path directory) {
    long deadline = System.nanoTime() + SCRIPT.toNanos();
    while (!Files.exists(directory.resolve("pid"))
        && System.nanoTime() < deadline
        && ProcessTable.anyRunsWith(directory.toString())) {
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
    return ProcessTable.runsWith(pid, directory.toString());
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
