package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.StopRule.Action;
import dev.caravan.processors.StopRule.Look;
import dev.caravan.processors.StopRule.Phase;
import dev.caravan.processors.StopRule.Start;
import dev.caravan.processors.StopRule.Verdict;
import dev.caravan.shared.cloud.ClusterStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StopRuleTest {
  private static final Set<ClusterStatus> MAY_CARRY_WORK =
      Set.of(ClusterStatus.RUNNING, ClusterStatus.ERROR, ClusterStatus.UNKNOWN);

  @Property
  void whateverIsSeenTheSameFollowsForEveryStopper(
      @ForAll ClusterStatus status,
      @ForAll boolean accepted,
      @ForAll Phase phase,
      @ForAll @IntRange(max = 120) int seconds,
      @ForAll boolean others) {
    AtomicInteger askedStart = new AtomicInteger();
    AtomicInteger askedOthers = new AtomicInteger();
    Verdict verdict =
        StopRule.decide(
            new Look(
                status,
                accepted,
                () -> {
                  askedStart.incrementAndGet();
                  return new Start(phase, Duration.ofSeconds(seconds));
                },
                () -> {
                  askedOthers.incrementAndGet();
                  return others ? Optional.of("others") : Optional.empty();
                }));

    boolean mayComeUp =
        !accepted
            && (phase == Phase.UNDER_WAY
                || ((phase == Phase.ASKED || phase == Phase.DONE) && seconds < 60));
    boolean mayBeOthers = MAY_CARRY_WORK.contains(status) && !accepted;
    Action expected;
    if (status == ClusterStatus.STOPPED) {
      expected = mayComeUp ? Action.WAIT : Action.SETTLE;
    } else if (status == ClusterStatus.STOPPING) {
      expected = Action.WAIT;
    } else {
      expected = mayBeOthers && others ? Action.LEAVE : Action.STOP;
    }
    assertThat(verdict).isEqualTo(new Verdict(expected, expected == Action.LEAVE ? "others" : ""));
    assertThat(askedOthers).as("asks").hasValue(mayBeOthers ? 1 : 0);
    assertThat(askedStart).hasValue(status == ClusterStatus.STOPPED && !accepted ? 1 : 0);
  }

  /** A cluster whose start was asked at second 0, and what the cloud shows of it. */
  private static final class Cloud {
    private final int startTakes;
    private final boolean startFails;
    private final int stopTakes;
    private final int lag;
    private int stoppedAt = Integer.MAX_VALUE;
    private int stopAcceptedAt = Integer.MAX_VALUE;

    private Cloud(int startTakes, boolean startFails, int stopTakes, int lag) {
      this.startTakes = startTakes;
      this.startFails = startFails;
      this.stopTakes = stopTakes;
      this.lag = lag;
    }

    private ClusterStatus truth(int now) {
      if (now < 0 || now >= stoppedAt) {
        return ClusterStatus.STOPPED;
      }
      if (now >= stopAcceptedAt) {
        return ClusterStatus.STOPPING;
      }
      if (now < startTakes) {
        return ClusterStatus.STARTING;
      }
      return startFails ? ClusterStatus.STOPPED : ClusterStatus.RUNNING;
    }

    private ClusterStatus shown(int now) {
      return truth(now - lag);
    }

    private Phase operation(int now) {
      if (now < startTakes) {
        return Phase.UNDER_WAY;
      }
      return startFails ? Phase.FAILED : Phase.DONE;
    }

    /** As Data Proc: only a cluster that runs can be stopped. */
    private boolean stop(int now) {
      if (truth(now) != ClusterStatus.RUNNING) {
        return false;
      }
      stopAcceptedAt = now;
      stoppedAt = now + stopTakes;
      return true;
    }
  }

  /** Whoever takes it up, whenever, and whatever of the start's answer it knows. */
  @Property
  void aClusterThatIsSettledIsStoppedAndStaysSo(
      @ForAll @IntRange(max = 300) int startTakes,
      @ForAll boolean startFails,
      @ForAll @IntRange(max = 120) int stopTakes,
      @ForAll @IntRange(max = 59) int lag,
      @ForAll boolean answerIsKnown,
      @ForAll @IntRange(max = 400) int takenUpAt,
      @ForAll @IntRange(min = 1, max = 30) int every) {
    Cloud cloud = new Cloud(startTakes, startFails, stopTakes, lag);
    boolean accepted = false;
    Integer operationFirstSeen = null;
    for (int now = takenUpAt; ; now += every) {
      assertThat(now).as("it comes to an end").isLessThan(1500);
      if (answerIsKnown && operationFirstSeen == null) {
        operationFirstSeen = now;
      }
      Start start =
          answerIsKnown
              ? new Start(cloud.operation(now), Duration.ofSeconds(now - operationFirstSeen))
              : new Start(Phase.ASKED, Duration.ofSeconds(now));
      Action action =
          StopRule.decide(new Look(cloud.shown(now), accepted, () -> start, Optional::empty))
              .action();
      if (action == Action.SETTLE) {
        for (int later = now; later < now + 1000; later++) {
          assertThat(cloud.truth(later)).isEqualTo(ClusterStatus.STOPPED);
        }
        return;
      }
      if (action == Action.STOP) {
        accepted |= cloud.stop(now);
      }
    }
  }
}
