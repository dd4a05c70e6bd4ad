package dev.caravan.endpoint.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What /proc says about living processes; zombies count as gone. */
final class ProcessTable {
  private static final File PROC = new File("/proc");

  /** Where proc(5) has the field starttime, counted from the one after the command's name. */
  private static final int START = 19;

  private ProcessTable() {}

  /**
   * A process that may be a batch's.
   *
   * @param inGroup whether a signal to the group reaches it
   * @param inSession whether it is in the group or in the session that the group's leader opened
   * @param marked whether it carries the batch's mark in its environment
   */
  record Member(long pid, boolean inGroup, boolean inSession, boolean marked) {}

  /**
   * The living processes of a group or session, and those that carry {@code mark}.
   *
   * @param since what started before this moment is left out unread, in ticks since the boot as in
   *     {@link #startOf}; none of a batch's processes is older than their first
   */
  static List<Member> members(long group, String mark, long since) {
    String id = Long.toString(group);
    List<Member> found = new ArrayList<>();
    for (long pid : pids()) {
      String[] stat = stat(pid);
      if (stat.length > START && !isGone(stat[0]) && Long.parseLong(stat[START]) >= since) {
        boolean inGroup = stat[2].equals(id);
        boolean inSession = inGroup || stat[3].equals(id);
        boolean marked = environment(pid).contains(mark);
        if (inSession || marked) {
          found.add(new Member(pid, inGroup, inSession, marked));
        }
      }
    }
    return found;
  }

  /** Whether the process lives and carries {@code mark} in its environment. */
  static boolean isMarked(long pid, String mark) {
    String[] stat = stat(pid);
    return stat.length > 0 && !isGone(stat[0]) && environment(pid).contains(mark);
  }

  /** Whether the process lives and is the one that started at that moment, as {@link #startOf}. */
  static boolean lives(long pid, long start) {
    String[] stat = stat(pid);
    return stat.length > START && !isGone(stat[0]) && Long.parseLong(stat[START]) == start;
  }

  /** Whether any living process carries {@code mark} in its environment. */
  static boolean anyIsMarked(String mark) {
    return pids().stream().anyMatch(pid -> isMarked(pid, mark));
  }

  /**
   * When a process started, in the system's ticks since the boot; 0 if there is no such process.
   */
  static long startOf(long pid) {
    String[] stat = stat(pid);
    return stat.length > START ? Long.parseLong(stat[START]) : 0;
  }

  private static List<Long> pids() {
    String[] names = PROC.list();
    if (names == null) {
      throw new IllegalStateException("/proc can't be listed.");
    }
    List<Long> pids = new ArrayList<>();
    for (String name : names) {
      if (name.charAt(0) >= '0' && name.charAt(0) <= '9') {
        pids.add(Long.valueOf(name));
      }
    }
    return pids;
  }

  private static boolean isGone(String state) {
    return state.equals("Z") || state.equals("X");
  }

  /**
   * The fields after the command's name: state, parent, group, session, ..., at {@link #START} the
   * time of its start. Empty if there is no such process.
   */
  private static String[] stat(long pid) {
    try {
      String line = read(pid, "stat");
      return line.substring(line.lastIndexOf(')') + 2).split(" ", START + 2);
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return new String[0];
    }
  }

  private static List<String> environment(long pid) {
    try {
      return List.of(read(pid, "environ").split("\0"));
    } catch (IOException e) {
      return List.of(); // gone, or another user's
    }
  }

  /**
   * The plainest way to read: this is done for every process of the machine. One character for each
   * byte, whatever the encoding; marks are ASCII, so they compare as bytes do.
   */
  private static String read(long pid, String file) throws IOException {
    try (FileInputStream in = new FileInputStream(PROC + "/" + pid + "/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
