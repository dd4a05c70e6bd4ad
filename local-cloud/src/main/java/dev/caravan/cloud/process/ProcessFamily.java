package dev.caravan.cloud.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process and all that it started, also what has moved to a session of its own or lost its
 * parent: all carry a mark in their environment, which is looked for in /proc. Where there is no
 * /proc, only living parents lead to their children.
 */
public final class ProcessFamily {

  static final String MARK = "CARAVAN_LOCAL_CLOUD";

  private static final Path PROC = Path.of("/proc");

  private final String mark = UUID.randomUUID().toString();

  /** Puts the mark into the environment of the process about to be started. */
  void mark(ProcessBuilder builder) {
    builder.environment().put(MARK, mark);
  }

  /** Those alive now. */
  Set<ProcessHandle> members(Process founder) {
    Set<ProcessHandle> members = new LinkedHashSet<>();
    Stream.concat(Stream.of(founder.toHandle()), founder.toHandle().descendants())
        .forEach(members::add);
    marked().forEach(members::add);
    members.removeIf(member -> !member.isAlive());
    return members;
  }

  /**
   * Asks all to end, waits for the patience, then kills the remaining processes and waits as long
   * again.
   */
  void end(Process founder, Duration patience) {
    Set<ProcessHandle> members = members(founder);
    members.forEach(ProcessHandle::destroy);
    await(members, patience);
    Set<ProcessHandle> left = members(founder);
    left.forEach(ProcessHandle::destroyForcibly);
    await(left, patience);
  }

  private static void await(Set<ProcessHandle> members, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (ProcessHandle member : members) {
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        member.onExit().get(left, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException e) {
        // The caller looks again at who is left.
      }
    }
  }

  private List<ProcessHandle> marked() {
    if (!Files.isDirectory(PROC)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
          .filter(this::carriesMark)
          .flatMap(
              entry -> ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the processes could not be listed", e);
    }
  }

  private boolean carriesMark(Path entry) {
    try {
      String environment = Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
      return environment.contains(MARK + "=" + mark);
    } catch (IOException e) {
      return false; // ended meanwhile, or somebody else's
    }
  }
}
