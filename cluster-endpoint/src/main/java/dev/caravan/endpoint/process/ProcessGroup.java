package dev.caravan.endpoint.process;

import dev.caravan.endpoint.process.ProcessTable.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A batch's processes: the group that its script leads, and whatever left the group but still
 * carries the batch's mark in its environment.
 */
public final class ProcessGroup {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration AFTER_KILL = Duration.ofSeconds(5);

  private final Path signalScript;
  private final long leader;
  private final String mark;
  private final long since;
  private boolean groupIsOurs;

  /**
   * A group.
   *
   * @param leader process id of its leader, which is the group's id
   * @param mark a whole {@code NAME=value} of the environment
   * @param since when the leader started, in ticks since the boot; 0 if that isn't known
   */
  ProcessGroup(Path signalScript, long leader, String mark, long since) {
    this.signalScript = signalScript;
    this.leader = leader;
    this.mark = mark;
    this.since = since;
  }

  /**
   * TERM, then KILL, and looks until all are gone. Blocks for {@code grace} and five seconds at
   * most.
   *
   * @return whether no process is left
   */
  public boolean end(Duration grace) throws InterruptedException {
    return signalUntilGone("TERM", grace) || signalUntilGone("KILL", AFTER_KILL);
  }

  private boolean signalUntilGone(String signal, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Member> members = members();
    boolean first = true;
    while (!members.isEmpty()) {
      if (first || signal.equals("KILL")) {
        signal(signal, members);
      }
      first = false;
      if (System.nanoTime() >= deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      members = members();
    }
    return true;
  }

  /**
   * The group is the batch's if one of its processes carries the mark; else its number has gone to
   * somebody else since, and only marked processes count. Once it was the batch's it stays so for
   * this object's life.
   */
  private List<Member> members() {
    List<Member> found = ProcessTable.members(leader, mark, since);
    groupIsOurs =
        groupIsOurs || found.stream().anyMatch(member -> member.inSession() && member.marked());
    return groupIsOurs ? found : found.stream().filter(Member::marked).toList();
  }

  private void signal(String signal, List<Member> members) throws InterruptedException {
    if (members.stream().anyMatch(Member::inGroup)) {
      signalGroup(signal);
    }
    members.stream()
        .filter(member -> !member.inGroup())
        .forEach(
            member -> ProcessHandle.of(member.pid()).ifPresent(process -> signal(signal, process)));
  }

  private void signalGroup(String signal) throws InterruptedException {
    try {
      Process kill =
          new ProcessBuilder("/bin/sh", signalScript.toString(), signal, Long.toString(leader))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(2, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      // No process can be made just now; the caller looks again, and KILL is repeated.
    }
  }

  private static void signal(String signal, ProcessHandle process) {
    if (signal.equals("KILL")) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
  }
}
