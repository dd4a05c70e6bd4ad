package dev.caravan.endpoint.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What /proc says about living processes; zombies count as gone. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  private ProcessTable() {}

  /** A process of a batch, and whether a signal to the group reaches it. */
  record Member(long pid, boolean inGroup) {}

  /**
   * The processes of a session or group, and those that carry {@code mark} in their environment.
   */
  static List<Member> members(long group, String mark) {
    String id = Long.toString(group);
    List<Member> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        String[] stat = stat(pid);
        boolean alive = stat.length > 3 && !isGone(stat[0]);
        if (alive
            && (stat[2].equals(id) || stat[3].equals(id) || words(pid, "environ").contains(mark))) {
          found.add(new Member(pid, stat[2].equals(id)));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new IllegalStateException("/proc can't be listed: " + e, e);
    }
    return found;
  }

  /** Whether the process lives and has {@code argument} as a word of its command line. */
  static boolean runsWith(long pid, String argument) {
    String[] stat = stat(pid);
    return stat.length > 0 && !isGone(stat[0]) && words(pid, "cmdline").contains(argument);
  }

  /** Living processes that have {@code argument} as a word of their command line. */
  static List<Long> runningWith(String argument) {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (runsWith(pid, argument)) {
          found.add(pid);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new IllegalStateException("/proc can't be listed: " + e, e);
    }
    return found;
  }

  private static boolean isGone(String state) {
    return state.equals("Z") || state.equals("X");
  }

  /**
   * The fields after the command's name: state, parent, group, session. Empty if there is no such
   * process.
   */
  private static String[] stat(long pid) {
    try {
      String line = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      return line.substring(line.lastIndexOf(')') + 2).split(" ", 5);
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return new String[0];
    }
  }

  private static List<String> words(long pid, String file) {
    try {
      return List.of(
          Files.readString(PROC.resolve(pid + "/" + file), StandardCharsets.ISO_8859_1)
              .split("\0"));
    } catch (IOException e) {
      return List.of(); // gone, or another user's
    }
  }
}
