package dev.caravan.cloud.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A process with a log file, in a session of its own where the system has setsid, so that a Ctrl-C
 * in the terminal reaches the caller only. {@link #close()} ends it and all that it started within
 * twice {@link #PATIENCE}.
 */
public final class ChildProcess implements AutoCloseable {

  /** How long a process may take to end by itself, and to be gone after it was ended by force. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * Options for a JVM that lives for a minute: the optimizing compiler would cost more than it
   * saves. A Spark job on a hundred thousand rows needs half the processor time with them.
   */
  public static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int LAST_LINES = 10;

  /** Those that nobody has closed yet. */
  private static final Set<ChildProcess> OPEN = ConcurrentHashMap.newKeySet();

  private static volatile boolean ending;

  private final String name;
  private final Path log;
  private final Process process;
  private final ProcessFamily family;

  private ChildProcess(String name, Path log, Process process, ProcessFamily family) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.family = family;
  }

  /**
   * Starts a process whose output goes to the log file.
   *
   * @param name what a person calls it, for messages
   * @param environment added to this process's own
   */
  public static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    return start(new ProcessFamily(), name, command, environment, log);
  }

  /** Starts a process that takes the place of one that ended: one family with what that started. */
  public static ChildProcess start(
      ProcessFamily family,
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log)
      throws IOException {
    ProcessBuilder builder = builder(command, environment, log);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return start(family, name, builder, log);
  }

  /**
   * Starts a process with this process's terminal, if it has one; only its stderr goes to the log
   * file.
   */
  public static ChildProcess startTalking(
      String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder = builder(command, environment, log);
    builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    return start(new ProcessFamily(), name, builder, log);
  }

  private static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, Path log) {
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      words.add(SETSID.toString());
    }
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder;
  }

  private static ChildProcess start(
      ProcessFamily family, String name, ProcessBuilder builder, Path log) throws IOException {
    family.mark(builder);
    if (ending) {
      throw new IOException(name + " is not started any more: this process is ending");
    }
    ChildProcess started = new ChildProcess(name, log, builder.start(), family);
    OPEN.add(started);
    return started;
  }

  /**
   * From here on the end of this JVM, also by a signal, ends all processes that are open; a signal
   * of the terminal doesn't reach them, since they have sessions of their own. For the {@code main}
   * of a command that has nothing else to see to at its end.
   */
  public static void endAllAtExit() {
    Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::endAll, "end-of-children"));
  }

  private static void endAll() {
    ending = true;
    // One that was just being started is looked for once more.
    for (int look = 0; look < 2; look++) {
      OPEN.parallelStream().forEach(ChildProcess::close);
    }
  }

  /**
   * The words that run a short-lived JVM of the version that runs this, with this much heap at most
   * ({@code 256m}).
   */
  public static List<String> java(String heap, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(SHORT_LIVED);
    command.addAll(List.of(words));
    return command;
  }

  /**
   * The words that run a jar in a short-lived JVM, with the archive of its classes beside it, where
   * the build puts it; Java passes over one that is missing.
   */
  public static List<String> jar(String heap, Path jar, String... words) {
    String file = jar.toAbsolutePath().toString();
    List<String> command =
        java(heap, "-XX:SharedArchiveFile=" + file.replaceAll("\\.jar$", ".jsa"), "-jar", file);
    command.addAll(List.of(words));
    return command;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /**
   * Waits until there is something to find.
   *
   * @throws IllegalStateException with the last lines of its log if the process ends first or the
   *     bound passes
   */
  public <T> T await(String what, Duration bound, Supplier<Optional<T>> find)
      throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      boolean lastLook = !process.isAlive();
      Optional<T> found = find.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (lastLook) {
        throw failure("ended with exit code " + process.exitValue() + " before " + what);
      }
      if (System.nanoTime() > deadline) {
        throw failure("did not reach this within " + bound.toSeconds() + " s: " + what);
      }
      process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException(name + " " + what + "; its log ends:\n" + lastLines());
  }

  /** How many of it and of all that it started are alive. */
  public long living() {
    return family.members(process).size();
  }

  /** It and all that it started. */
  public ProcessFamily family() {
    return family;
  }

  /** Calls the task on another thread, this long after the process has ended. */
  public void onExit(Duration pause, Runnable task) {
    process
        .onExit()
        .thenRunAsync(
            task, CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** With what it ended; it must have. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Waits for its end; empty if the bound passes first. */
  public Optional<Integer> exitCode(Duration bound) throws InterruptedException {
    return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  /** The last lines of its log file, without the frames of stack traces. */
  public String lastLines() {
    List<String> lines =
        log().lines().filter(line -> !line.matches("\\s+(at |\\.\\.\\.).*")).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  /** All the log so far. */
  public String log() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(log + " can't be read", e);
    }
  }

  /** Ends it as {@link #close()} does, but leaves it this long to end by itself. */
  public void end(Duration patience) {
    process.destroy();
    try {
      process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  @Override
  public void close() {
    family.end(process, PATIENCE);
    OPEN.remove(this);
  }
}
