package dev.caravan.bench.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The most memory that a process and its descendants have had resident. The kernel keeps each one's
 * own peak, so looking now and then misses nothing but the last moment.
 */
final class PeakMemory {
  private final long pid;
  private long bytes;

  PeakMemory(long pid) {
    this.pid = pid;
  }

  void look() {
    long now =
        ProcessHandle.of(pid).stream()
            .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
            .mapToLong(process -> peak(process.pid()))
            .sum();
    bytes = Math.max(bytes, now);
  }

  long bytes() {
    return bytes;
  }

  private static long peak(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // ended meanwhile
    }
  }
}
