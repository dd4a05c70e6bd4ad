package dev.caravan.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Processor time of this process's children that have ended, and of theirs that they waited for:
 * exact, whatever else the machine does, and counted by the kernel.
 */
public final class ChildrenTime {
  private static final Path STAT = Path.of("/proc/self/stat");

  /** Where cutime stands, counted from the field after the program's name, see proc(5). */
  private static final int USER = 13;

  /** Linux shows times in hundredths of a second to programs, whatever its own clock. */
  private static final long MILLIS_A_TICK = 10;

  private final Duration before;

  private ChildrenTime(Duration before) {
    this.before = before;
  }

  /** From now on. */
  public static ChildrenTime now() throws IOException {
    return new ChildrenTime(spent());
  }

  /** What was spent since. */
  public Duration since() throws IOException {
    return spent().minus(before);
  }

  private static Duration spent() throws IOException {
    String stat = Files.readString(STAT);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]);
    return Duration.ofMillis(ticks * MILLIS_A_TICK);
  }
}
