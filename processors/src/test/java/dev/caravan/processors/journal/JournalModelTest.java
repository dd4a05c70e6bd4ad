package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Two orchestrators on one journal, in any order of what they may do, with crashes and time that
 * passes in between, held against a model that knows who drives what.
 */
class JournalModelTest {
  private static final List<String> JOBS = List.of("a", "b");
  private static final MutableClock CLOCK = new MutableClock(Instant.parse("2026-11-22T03:00:00Z"));
  private static Journal[] orchestrators;

  /** What somebody does. */
  enum Doing {
    CLAIM,
    CLAIM_AFRESH,
    SUBMIT,
    SUBMITTED,
    SUCCEED,
    FAIL,
    VERIFY,
    START,
    STOP,
    STOPPED,
    DECIDE,
    END_WELL,
    END_BADLY,
    CRASH,
    LET_GO,
    TIME_PASSES
  }

  /** One step: who, what, on which date, which job. */
  record Act(int who, Doing what, int date, int job) {}

  @BeforeContainer
  static void open() {
    // No renewals in the background: a claim lives exactly as long as the clock says.
    JournalConfig config =
        new JournalConfig(
            "jdbc:h2:mem:model;DB_CLOSE_DELAY=-1", Optional.empty(), Duration.ofHours(1));
    orchestrators = new Journal[] {Journal.open(config, CLOCK), Journal.open(config, CLOCK)};
  }

  @AfterContainer
  static void close() {
    for (Journal each : orchestrators) {
      each.close();
    }
  }

  @Provide
  Arbitrary<List<Act>> histories() {
    Arbitrary<Doing> doing =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.of(Doing.CLAIM)),
            net.jqwik.api.Tuple.of(8, Arbitraries.of(Doing.class)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 1),
            doing,
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, JOBS.size() - 1))
        .as(Act::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(60);
  }

  @Property(tries = 300, seed = "20261126")
  void promisesHoldWhoeverDoesWhat(@ForAll("histories") List<Act> history) {
    World world = new World();
    history.forEach(world::act);
    world.everythingIsBroughtToAnEnd();
  }

  /** The journal under test beside what the model knows of it. */
  private static final class World {
    private final String pipeline = "m" + UUID.randomUUID().toString().substring(0, 8);
    private final String cluster = "c-" + pipeline;

    /** Whose each date is: the run, and until when. */
    private final Map<Integer, Grip> grips = new HashMap<>();

    /** What each orchestrator believes to drive; it may have lost it. */
    private final List<Map<Integer, Run>> beliefs = List.of(new HashMap<>(), new HashMap<>());

    private final Set<String> verified = new HashSet<>();
    private final Map<String, String> keys = new HashMap<>();
    private final Set<String> owed = new HashSet<>();

    private record Grip(int who, Run run, Instant until) {}

    private LocalDate date(int number) {
      return LocalDate.of(2026, 11, 21).plusDays(number);
    }

    private void act(Act act) {
      Journal journal = orchestrators[act.who()];
      switch (act.what()) {
        case CLAIM -> claim(act, journal, false);
        case CLAIM_AFRESH -> claim(act, journal, true);
        case CRASH -> beliefs.get(act.who()).clear();
        case TIME_PASSES -> CLOCK.pass(Duration.ofMinutes(40));
        case LET_GO -> {
          Run run = beliefs.get(act.who()).remove(act.date());
          if (run != null) {
            journal.claims().letGo(run);
            grips.computeIfPresent(
                act.date(),
                (date, grip) ->
                    grip.who() == act.who() && grip.run().id().equals(run.id()) ? null : grip);
          }
        }
        default -> write(act, journal);
      }
    }

    private Optional<Grip> grip(int date) {
      return Optional.ofNullable(grips.get(date))
          .filter(grip -> CLOCK.instant().isBefore(grip.until()));
    }

    private void claim(Act act, Journal journal, boolean afresh) {
      Claim claim = journal.claims().claim(pipeline, date(act.date()), cluster, afresh);
      boolean held = grip(0).isPresent() || grip(1).isPresent();
      if (claim instanceof Claim.Taken taken) {
        assertThat(held).as("nobody else drives a date or the cluster").isFalse();
        Instant until = CLOCK.instant().plus(Duration.ofHours(1));
        grips.put(act.date(), new Grip(act.who(), taken.run(), until));
        beliefs.get(act.who()).put(act.date(), taken.run());
        if (taken.run().afresh()) {
          verified.removeIf(job -> job.startsWith(act.date() + "/"));
        }
      } else if (claim instanceof Claim.Held other) {
        boolean open =
            journal.runs().open(pipeline).stream()
                .anyMatch(run -> !run.logicalDate().equals(date(act.date())));
        assertThat(held || open).as("somebody has it: %s", other).isTrue();
      } else {
        assertThat(journal.runs().last(pipeline, date(act.date())).orElseThrow().state())
            .isEqualTo(RunState.SUCCEEDED);
      }
    }

    /** A write of whoever believes to drive the date; only the one who does may. */
    private void write(Act act, Journal journal) {
      Run run = beliefs.get(act.who()).get(act.date());
      if (run == null) {
        return;
      }
      Grip last = grips.get(act.date());
      boolean mine = last != null && last.who() == act.who() && last.run().id().equals(run.id());
      try {
        if (write(act, journal, run)) {
          assertThat(mine).as("%s by who lost the run", act).isTrue();
        }
      } catch (RunLostException e) {
        assertThat(mine).as("%s was refused to who drives the run", act).isFalse();
        beliefs.get(act.who()).remove(act.date());
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("can't become");
      }
    }

    /** Whether it came to a write. */
    private boolean write(Act act, Journal journal, Run run) {
      boolean known = journal.jobs().find(run, JOBS.get(act.job())).isPresent();
      String job = JOBS.get(act.job());
      String name = act.date() + "/" + job;
      switch (act.what()) {
        case SUBMIT -> {
          JobRun attempted =
              journal.jobs().submitting(run, job, attempt -> pipeline + "/" + name + "/" + attempt);
          String other = keys.putIfAbsent(attempted.batchKey(), name + attempted.attempt());
          assertThat(other).isIn(null, name + attempted.attempt());
          if (verified.contains(name)) {
            assertThat(attempted.state()).as("%s is done", name).isEqualTo(JobState.VERIFIED);
          }
        }
        case SUBMITTED -> {
          if (known) {
            journal.jobs().submitted(run, job, 1);
          }
        }
        case SUCCEED -> {
          if (known) {
            journal.jobs().succeeded(run, job, Optional.empty());
          }
        }
        case FAIL -> {
          if (known) {
            journal.jobs().failed(run, job, Optional.empty(), "x");
          }
        }
        case VERIFY -> {
          if (known) {
            journal.jobs().verified(run, job, 1, 1, report(), "");
            verified.add(name);
          }
        }
        case START -> {
          journal.sessions().open(run, cluster, true);
          owed.add(run.id());
        }
        case STOP -> journal.sessions().stopAsked(run);
        case STOPPED -> {
          if (journal.sessions().of(run).isPresent()) {
            journal.sessions().stopped(run);
            owed.clear();
          }
        }
        case DECIDE -> journal.runs().decide(run, RunState.FAILED, Optional.of("x"));
        case END_WELL, END_BADLY -> {
          TestRuns.end(
              journal,
              run,
              act.what() == Doing.END_WELL ? RunState.SUCCEEDED : RunState.FAILED,
              Optional.empty());
          grips.remove(act.date());
          beliefs.get(act.who()).remove(act.date());
        }
        default -> throw new AssertionError(act);
      }
      assertThat(journal.sessions().owesStop(cluster))
          .as("what is owed is never forgotten")
          .isEqualTo(!owed.isEmpty());
      return switch (act.what()) {
        case SUBMITTED, SUCCEED, FAIL, VERIFY -> known;
        case STOPPED -> false;
        default -> true;
      };
    }

    private static OutputReport report() {
      return new OutputReport(
          S3Location.of("s3://lake/x/"),
          1,
          1,
          OptionalLong.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());
    }

    /** After the lapse any orchestrator can take up whatever is open, and end it. */
    private void everythingIsBroughtToAnEnd() {
      CLOCK.pass(Duration.ofHours(2));
      Journal journal = orchestrators[1];
      for (Run run : new ArrayList<>(journal.runs().open(pipeline))) {
        Claim claim = journal.claims().claim(pipeline, run.logicalDate(), cluster, false);
        assertThat(claim).isInstanceOf(Claim.Taken.class);
        assertThat(((Claim.Taken) claim).continued()).isTrue();
        TestRuns.end(journal, run, RunState.FAILED, Optional.empty());
      }
      assertThat(journal.runs().open(pipeline)).isEmpty();
      assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster)).isEmpty())
          .isEqualTo(owed.isEmpty());
    }
  }
}
