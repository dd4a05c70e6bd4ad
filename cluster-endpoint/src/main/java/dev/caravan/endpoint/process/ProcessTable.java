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

  /**
   * A process that may be a batch's.
   *
   * @param inGroup whether a signal to the group reaches it
   * @param inSession whether it is in the group or in the session that the group's leader opened
   * @param marked whether it carries the batch's mark in its environment
   */
  record Member(long pid, boolean inGroup, boolean inSession, boolean marked) {}

  /** The living processes of a group or session, and those that carry {@code mark}. */
  static List<Member> members(long group, String mark) {
    String id = Long.toString(group);
    List<Member> found = new ArrayList<>();
    for (long pid : pids()) {
      String[] stat = stat(pid);
      if (stat.length > 3 && !isGone(stat[0])) {
        boolean inGroup = stat[2].equals(id);
        boolean inSession = inGroup || stat[3].equals(id);
        boolean marked = words(pid, "environ").contains(mark);
        if (inSession || marked) {
          found.add(new Member(pid, inGroup, inSession, marked));
        }
      }
    }
    return found;
  }

  /** Whether the process lives and has {@code argument} as a word of its command line. */
  static boolean runsWith(long pid, String argument) {
    String[] stat = stat(pid);
    return stat.length > 0 && !isGone(stat[0]) && words(pid, "cmdline").contains(argument);
  }

  /** Whether any living process has {@code argument} as a word of its command line. */
  static boolean anyRunsWith(String argument) {
    return pids().stream().anyMatch(pid -> runsWith(pid, argument));
  }

  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      processes.forEach(process -> pids.add(Long.valueOf(process.getFileName().toString())));
    } catch (IOException | DirectoryIteratorException e) {
      throw new IllegalStateException("/proc can't be listed: " + e, e);
    }
    return pids;
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
