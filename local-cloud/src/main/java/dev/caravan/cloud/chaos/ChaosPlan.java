package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Kind;
import dev.caravan.cloud.chaos.Disturbance.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What is done in one run, all of it decided by the seed: only the processes' own speed differs
 * from one repetition to the next.
 *
 * @param handOver whether a SIGTERM hands the run over instead of stopping it
 * @param serve whether the orchestrator runs as {@code serve} and not as {@code run}
 * @param dates how many dates are asked for at once, one session for all
 * @param jobMillis how long each job works
 */
record ChaosPlan(
    long seed,
    boolean handOver,
    boolean serve,
    int dates,
    List<Integer> jobMillis,
    Duration startTakes,
    Duration stopTakes,
    List<Disturbance> disturbances) {

  /** Longer than a run without disturbances takes from the orchestrator's start to its end. */
  private static final int LATEST_MILLIS = 7500;

  /** After a trigger, the step that it announces is hit. */
  private static final int SOON_MILLIS = 250;

  /** Between two runs' seeds; the first run of a chaos has the chaos's own seed. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  static long seedOf(long seed, int run) {
    return seed + run * GOLDEN;
  }

  static ChaosPlan of(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    boolean handOver = random.nextBoolean();
    boolean serve = random.nextInt(10) < 3;
    List<Integer> jobs = new ArrayList<>();
    for (int job = 1 + random.nextInt(3); job > 0; job--) {
      jobs.add(random.nextInt(1500));
    }
    Duration startTakes = Duration.ofMillis(100 + random.nextInt(900));
    Duration stopTakes = Duration.ofMillis(100 + random.nextInt(700));
    List<Disturbance> disturbances = new ArrayList<>();
    boolean dead = false;
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      disturbances.add(disturbance(random));
      dead |= disturbances.get(disturbances.size() - 1).isDeath();
    }
    if (!dead) {
      disturbances.add(death(random));
    }
    // Drawn last, so that a seed plays what it played when there was one date only.
    int dates = !serve && random.nextInt(10) < 4 ? 3 : 1;
    return new ChaosPlan(seed, handOver, serve, dates, jobs, startTakes, stopTakes, disturbances);
  }

  private static Disturbance disturbance(RandomGenerator random) {
    Disturbance death = death(random);
    if (random.nextInt(10) < 5) {
      return death;
    }
    Kind[] others = {
      Kind.CUT_LINE,
      Kind.CUT_LINE,
      Kind.CUT_LINE,
      Kind.CLOUD_UNAVAILABLE,
      Kind.LOSE_ANSWER,
      Kind.LAG,
      Kind.NO_CAPACITY
    };
    Kind kind = others[random.nextInt(others.length)];
    return new Disturbance(
        kind, death.trigger(), death.after(), death.lasts(), death.line(), death.fault());
  }

  private static Disturbance death(RandomGenerator random) {
    Kind[] deaths = {
      Kind.KILL_ORCHESTRATOR,
      Kind.KILL_ORCHESTRATOR,
      Kind.KILL_ORCHESTRATOR,
      Kind.KILL_ENDPOINT,
      Kind.KILL_BOTH,
      Kind.TERMINATE_ORCHESTRATOR,
      Kind.LOSE_ORCHESTRATOR
    };
    Optional<Trigger> trigger =
        random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(Trigger.values()[random.nextInt(Trigger.values().length)]);
    return new Disturbance(
        deaths[random.nextInt(deaths.length)],
        trigger,
        Duration.ofMillis(random.nextInt(trigger.isEmpty() ? LATEST_MILLIS : SOON_MILLIS)),
        Duration.ofMillis(100 + random.nextInt(2400)),
        Line.values()[random.nextInt(Line.values().length)],
        FaultyProxy.Fault.values()[random.nextInt(FaultyProxy.Fault.values().length)]);
  }
}
