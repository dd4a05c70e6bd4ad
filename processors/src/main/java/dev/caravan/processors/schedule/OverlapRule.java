package dev.caravan.processors.schedule;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of due slots that meet open runs. */
final class OverlapRule {
  private OverlapRule() {}

  /**
   * What becomes of slots that are to be queued.
   *
   * @param wanted by due time; each that is queued is open for those after it
   */
  static List<Decision> admit(List<Decision.Queue> wanted, Overlap overlap, List<OpenRun> open) {
    return switch (overlap) {
      case QUEUE -> List.copyOf(wanted);
      case QUEUE_ONE ->
          skipBehind(
              firstDate(open.stream().filter(run -> !run.running()).toList()),
              wanted,
              "the run of %s is queued already; overlap is queue-one");
      case SKIP ->
          skipBehind(firstDate(open), wanted, "the run of %s is still open; overlap is skip");
      case REPLACE -> replace(open.stream().map(OpenRun::id).toList(), wanted);
    };
  }

  private static Optional<LocalDate> firstDate(List<OpenRun> runs) {
    return runs.stream().map(OpenRun::date).findFirst();
  }

  private static List<Decision> skipBehind(
      Optional<LocalDate> ahead, List<Decision.Queue> wanted, String reason) {
    List<Decision> decisions = new ArrayList<>();
    Optional<LocalDate> before = ahead;
    for (Decision.Queue slot : wanted) {
      decisions.add(before.<Decision>map(date -> skip(slot, reason.formatted(date))).orElse(slot));
      before = before.or(() -> Optional.of(slot.date()));
    }
    return decisions;
  }

  /** Only the latest is queued: it would at once replace those before it. */
  private static List<Decision> replace(List<String> cancel, List<Decision.Queue> wanted) {
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Decision.Queue slot = wanted.get(i);
      Decision.Queue latest = wanted.get(wanted.size() - 1);
      if (i < wanted.size() - 1) {
        decisions.add(
            skip(slot, "replaced by the run of " + latest.date() + "; overlap is replace"));
      } else if (cancel.isEmpty()) {
        decisions.add(slot);
      } else {
        decisions.add(new Decision.Replace(slot.dueAt(), slot.date(), slot.cause(), cancel));
      }
    }
    return decisions;
  }

  private static Decision.Skip skip(Decision.Queue slot, String reason) {
    return new Decision.Skip(slot.dueAt(), slot.date(), reason);
  }
}
