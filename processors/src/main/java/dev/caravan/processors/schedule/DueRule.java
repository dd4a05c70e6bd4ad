package dev.caravan.processors.schedule;

import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of the slots that have come since the last planning. A pure function of the
 * calendar and the journal: it doesn't matter how often it is asked, or how late.
 *
 * <ul>
 *   <li>A new pipeline has nothing due: planning begins now.
 *   <li>Of several slots of one date only the latest counts.
 *   <li>A date with an open run, or with one that succeeded, needs no decision.
 *   <li>While the pipeline is paused, its slots are skipped. They count as planned, so that
 *       resuming catches nothing up; to skip what came while nobody planned, too, plan once more,
 *       paused, in the transaction that resumes.
 *   <li>A slot older than {@link #ON_TIME} was missed; the pipeline's {@link CatchUp} decides.
 *   <li>What is left meets the open runs; the pipeline's {@link Overlap} decides. A run that the
 *       same planning queues counts as open. With {@link Overlap#REPLACE} only the latest is
 *       queued.
 * </ul>
 */
public final class DueRule {
  /** A slot up to this old is on time; planning itself takes its turn every few seconds. */
  public static final Duration ON_TIME = Duration.ofMinutes(5);

  /** How many dates one planning decides at most, and so the number of its rows. */
  public static final int MOST_DATES = 1_000;

  private final Timetable timetable;
  private final DueLook look;
  private final List<Slot> slots;

  private DueRule(Timetable timetable, DueLook look, List<Slot> slots) {
    this.timetable = timetable;
    this.look = look;
    this.slots = slots;
  }

  /** What becomes of the slots between the last planning and now. */
  public static DuePlan decide(Timetable timetable, DueLook look) {
    Slots slots = timetable.slots();
    Instant now = look.now();
    Instant after = look.plannedUntil().orElse(now);
    if (!after.isBefore(now)) {
      return new DuePlan(List.of(), after, Optional.empty());
    }
    Deque<Slot> latest = new ArrayDeque<>();
    Optional<Slot> slot = since(after, slots.latest(now));
    while (slot.isPresent() && latest.size() < MOST_DATES) {
      latest.addFirst(slot.get());
      slot = since(after, slots.latestBefore(slot.get().date()));
    }
    Optional<DuePlan.LeftOut> leftOut =
        slot.map(newest -> leftOut(slots, newest, after, timetable.daysBefore()));
    return new DuePlan(new DueRule(timetable, look, List.copyOf(latest)).decisions(), now, leftOut);
  }

  private static Optional<Slot> since(Instant after, Optional<Slot> slot) {
    return slot.filter(found -> found.at().isAfter(after));
  }

  private static DuePlan.LeftOut leftOut(Slots slots, Slot newest, Instant after, int daysBefore) {
    LocalDate oldest = newest.date();
    long count = 1;
    Optional<Slot> slot = since(after, slots.latestBefore(oldest));
    while (slot.isPresent()) {
      oldest = slot.get().date();
      count++;
      slot = since(after, slots.latestBefore(oldest));
    }
    return new DuePlan.LeftOut(
        oldest.minusDays(daysBefore), newest.date().minusDays(daysBefore), count);
  }

  private List<Decision> decisions() {
    Optional<Slot> latestMissed =
        slots.stream().filter(this::isMissed).reduce((earlier, later) -> later);
    List<Decision> decisions = new ArrayList<>();
    List<Decision.Queue> wanted = new ArrayList<>();
    for (Slot slot : slots) {
      LocalDate date = slot.date().minusDays(timetable.daysBefore());
      if (look.settled().test(date)) {
        continue;
      }
      Optional<String> reason =
          look.pause().map(PipelinePause::reason).or(() -> reasonAgainst(slot, latestMissed));
      if (reason.isPresent()) {
        decisions.add(new Decision.Skip(slot.at(), date, reason.get()));
      } else {
        wanted.add(
            new Decision.Queue(slot.at(), date, isMissed(slot) ? Cause.CATCH_UP : Cause.SCHEDULE));
      }
    }
    decisions.addAll(OverlapRule.admit(wanted, timetable.overlap(), look.open()));
    decisions.sort(Comparator.comparing(Decision::dueAt).thenComparing(Decision::date));
    return List.copyOf(decisions);
  }

  private boolean isMissed(Slot slot) {
    return olderThan(ON_TIME, slot);
  }

  private boolean olderThan(Duration age, Slot slot) {
    return slot.at().isBefore(look.now().minus(age));
  }

  /** Why a slot that was missed is not caught up. */
  private Optional<String> reasonAgainst(Slot slot, Optional<Slot> latestMissed) {
    if (!isMissed(slot)) {
      return Optional.empty();
    }
    if (timetable.catchUp() == CatchUp.NONE) {
      return Optional.of("missed; catch-up is none");
    }
    if (olderThan(timetable.catchUpWindow(), slot)) {
      return Optional.of(
          "missed; older than the catch-up window of " + Durations.text(timetable.catchUpWindow()));
    }
    return timetable.catchUp() == CatchUp.LAST && !latestMissed.equals(Optional.of(slot))
        ? Optional.of("missed; catch-up is last, and a later date was missed, too")
        : Optional.empty();
  }
}
