package dev.caravan.endpoint.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.endpoint.lease.LeaseRule.Seen;
import dev.caravan.endpoint.lease.LeaseRule.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any sequence of renewals, looks and restarts of the endpoint, held against what the rule
 * promises. The model keeps the whole history and asks it; the rule keeps a few instants.
 */
class LeaseModelTest {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration FIRST = Duration.ofSeconds(90);
  private static final Duration BLIND = Duration.ofSeconds(60);

  /** Something that happens some seconds after what was before. */
  sealed interface Happening {
    int after();

    record Renewed(int after, int ttl) implements Happening {}

    record Looked(int after, Seen seen) implements Happening {}

    /** The machine's clock may have jumped by so much while the endpoint was down. */
    record Restarted(int after, int jump) implements Happening {}
  }

  /** A look as the model remembers it. */
  private record Look(long at, Seen seen, boolean leased) {}

  @Provide
  Arbitrary<List<Happening>> histories() {
    Arbitrary<Integer> after = Arbitraries.integers().between(0, 25);
    Arbitrary<Happening> renewed =
        Combinators.combine(after, Arbitraries.integers().between(1, 60))
            .as(Happening.Renewed::new);
    Arbitrary<Happening> looked =
        Combinators.combine(after, Arbitraries.of(Seen.class)).as(Happening.Looked::new);
    Arbitrary<Happening> idle = after.map(seconds -> new Happening.Looked(seconds, Seen.IDLE));
    Arbitrary<Happening> restarted =
        Combinators.combine(after, Arbitraries.integers().between(-3600, 3600))
            .as(Happening.Restarted::new);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, renewed),
            net.jqwik.api.Tuple.of(4, looked),
            net.jqwik.api.Tuple.of(6, idle),
            net.jqwik.api.Tuple.of(1, restarted))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Property(tries = 2000, seed = "20261126")
  void keepsItsPromises(@ForAll("histories") List<Happening> history, @ForAll boolean bounded) {
    Optional<Duration> maxAge = bounded ? Optional.of(Duration.ofSeconds(200)) : Optional.empty();
    World world = new World(maxAge);
    history.forEach(world::happen);
  }

  /** The rule under test beside the history of what happened since the endpoint's last start. */
  private static final class World {
    private final Optional<Duration> maxAge;
    private LeaseRule rule;
    private long time;
    private long begin;
    private boolean leasedOnce;
    private long leasedUntil;
    private int ttl;
    private int renewedBefore;
    private final List<Look> looks = new ArrayList<>();

    private World(Optional<Duration> maxAge) {
      this.maxAge = maxAge;
      start();
    }

    private void start() {
      rule = new LeaseRule(new LeaseRule.Waits(GRACE, FIRST, maxAge, BLIND));
      begin = time;
      leasedOnce = false;
      looks.clear();
      renewedBefore = 0;
    }

    private Duration now() {
      return Duration.ofSeconds(time - begin);
    }

    private void happen(Happening happening) {
      time += happening.after();
      if (happening instanceof Happening.Renewed renewed) {
        rule.renewed(now(), Duration.ofSeconds(renewed.ttl()));
        leasedOnce = true;
        leasedUntil = time + renewed.ttl();
        ttl = renewed.ttl();
        renewedBefore = looks.size();
      } else if (happening instanceof Happening.Restarted restarted) {
        restart(restarted.jump());
      } else if (happening instanceof Happening.Looked looked) {
        look(looked.seen());
      }
    }

    /** What {@link LeaseKeeper} does with the file, by a clock that jumped meanwhile. */
    private void restart(int jump) {
      long left = Math.min(leasedUntil - time - jump, ttl);
      start();
      if (left > 0) {
        rule.renewed(now(), Duration.ofSeconds(left));
        leasedOnce = true;
        leasedUntil = time + left;
      } else {
        leasedUntil = time;
      }
    }

    private void look(Seen seen) {
      boolean leased = time < leasedUntil;
      looks.add(new Look(time, seen, leased));
      Verdict verdict = rule.look(now(), seen);
      boolean old = maxAge.filter(age -> now().compareTo(age) >= 0).isPresent();

      assertThat(rule.isLapsed(now())).isEqualTo(!leased);
      assertThat(verdict == Verdict.STOP_OLD).as("too old").isEqualTo(old);
      if (!old) {
        assertThat(verdict == Verdict.STOP_IDLE)
            .as("idle for long enough at %s: %s", time, looks)
            .isEqualTo(mustStop());
      }
    }

    /** From the whole history: the unbroken row of idle looks that ends now, and how long it is. */
    private boolean mustStop() {
      long since = Long.MAX_VALUE;
      for (int i = looks.size() - 1; i >= renewedBefore && isIdle(i); i--) {
        since = looks.get(i).at();
      }
      if (since == Long.MAX_VALUE || time - since < GRACE.toSeconds()) {
        return false;
      }
      return leasedOnce || time - begin >= FIRST.toSeconds();
    }

    private boolean isIdle(int index) {
      Look look = looks.get(index);
      if (look.leased() || look.seen() == Seen.BUSY) {
        return false;
      }
      return look.seen() == Seen.IDLE || isBlindForLong(index);
    }

    private boolean isBlindForLong(int index) {
      long since = looks.get(index).at();
      for (int i = index; i >= 0 && looks.get(i).seen() == Seen.UNKNOWN; i--) {
        since = looks.get(i).at();
      }
      return looks.get(index).at() - since >= BLIND.toSeconds();
    }
  }
}
