package dev.caravan.cloud.chaos;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.RecordedEvents;
import dev.caravan.cloud.process.RecordedEvents.RecordedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The orchestrator's jar as a process that can be ended in any way and started again. */
final class Orchestrator implements AutoCloseable {
  private final Path jar;
  private final Path settings;
  private final Path directory;
  private final Path file;
  private final RecordedEvents events;
  private final List<ChildProcess> processes = new ArrayList<>();
  private volatile Optional<ChildProcess> current = Optional.empty();
  private volatile Instant startedAt = Instant.EPOCH;

  /**
   * @param events where its settings let it write its events
   */
  Orchestrator(Path jar, Path settings, Path directory, Path events) {
    this.file = events;
    this.events = new RecordedEvents(events);
    this.jar = jar;
    this.settings = settings;
    this.directory = directory;
  }

  /**
   * @param words the command, {@code run} or {@code serve}
   */
  void start(List<String> words) throws IOException {
    Path log = directory.resolve("orchestrator-%02d.log".formatted(processes.size() + 1));
    ChildProcess process = ChildProcess.start("the orchestrator", command(words), Map.of(), log);
    processes.add(process);
    current = Optional.of(process);
    startedAt = Instant.now();
  }

  /** Another command beside it, with the same settings. */
  ChildProcess beside(List<String> words) throws IOException {
    ChildProcess process =
        ChildProcess.start(
            words.get(0),
            command(words),
            Map.of(),
            directory.resolve("beside-%02d.log".formatted(processes.size())));
    processes.add(process);
    return process;
  }

  private List<String> command(List<String> words) {
    List<String> command = ChildProcess.jar("192m", jar);
    command.addAll(words);
    command.addAll(List.of("--config", settings.toString()));
    return command;
  }

  /** All that any of its processes has told. */
  List<RecordedEvent> told() {
    return events.all();
  }

  /** The run that any of its processes has told of last. */
  Optional<String> latestRun() {
    return events.all().stream()
        .map(RecordedEvents.RecordedEvent::run)
        .filter(run -> !run.isEmpty())
        .reduce((earlier, later) -> later);
  }

  /** When the process at hand was started. */
  Instant startedAt() {
    return startedAt;
  }

  boolean isAlive() throws InterruptedException {
    return current.isPresent() && current.get().exitCode(Duration.ZERO).isEmpty();
  }

  /** As {@code kill -9}. */
  void kill() {
    handle().ifPresent(ProcessHandle::destroyForcibly);
    current.ifPresent(process -> await(process, Duration.ofSeconds(10)));
  }

  /** Sends SIGTERM and doesn't wait. */
  void askToEnd() {
    handle().ifPresent(ProcessHandle::destroy);
  }

  /** As SIGTERM; returns how long the process took to end, at most the bound. */
  Optional<Duration> terminate(Duration bound) {
    long begin = System.nanoTime();
    askToEnd();
    boolean ended = current.map(process -> await(process, bound)).orElse(true);
    return ended ? Optional.of(Duration.ofNanos(System.nanoTime() - begin)) : Optional.empty();
  }

  private Optional<ProcessHandle> handle() {
    return current.flatMap(process -> ProcessHandle.of(process.pid()));
  }

  private static boolean await(ChildProcess process, Duration bound) {
    try {
      return process.exitCode(bound).isPresent();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits for its end by itself; empty if it doesn't end within the bound. */
  Optional<Integer> exitCode(Duration bound) throws InterruptedException {
    return current.isEmpty() ? Optional.empty() : current.get().exitCode(bound);
  }

  /** Waits until the process at hand has told of such an event; false if the bound passes. */
  boolean await(Duration bound, Predicate<RecordedEvent> event) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    long seen = -1;
    while (System.nanoTime() < deadline) {
      boolean lastLook = !isAlive();
      // Looked at often, so that what waits for an event comes at once; read only if it has grown.
      if (seen != file.toFile().length()) {
        seen = file.toFile().length();
        if (has(event)) {
          return true;
        }
      }
      if (lastLook) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return false;
  }

  /** Whether the process at hand has told of such an event. */
  boolean has(Predicate<RecordedEvent> event) {
    return current.map(events::of).orElse(List.of()).stream().anyMatch(event);
  }

  /** The end of its newest log. */
  String lastLines() {
    return current.map(ChildProcess::lastLines).orElse("");
  }

  /** Processes of any of its lives that are still there. */
  long left() {
    return processes.stream().mapToLong(ChildProcess::living).sum();
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
  }
}
