package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Kind;
import dev.caravan.cloud.chaos.Strike.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What is done in one run, all of it decided by the seed and the number of messages of an
 * undisturbed run: only the processes' own speed differs from one repetition to the next.
 *
 * @param handOver whether a SIGTERM hands the run over instead of stopping it
 * @param jobMillis how long each job works
 * @param lease how long the orchestrator's lease on the cluster lives
 */
record ChaosPlan(
    long seed,
    boolean handOver,
    Shape shape,
    List<Integer> jobMillis,
    Duration startTakes,
    Duration stopTakes,
    Duration lease,
    List<Disturbance> disturbances) {

  /** Expires while an orchestrator is away. */
  static final Duration SHORT_LEASE = Duration.ofSeconds(3);

  /** Lives on while an orchestrator is killed and started again on a busy machine. */
  private static final Duration LONG_LEASE = Duration.ofSeconds(20);

  /** Between two runs' seeds; the first run of a chaos has the chaos's own seed. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** How long a job of a run without disturbances works, and of the others on average. */
  private static final int UNDISTURBED_MILLIS = 300;

  private static final Place[] AT_MESSAGE = {Place.BEFORE, Place.BEFORE_ANSWER, Place.AFTER_ANSWER};

  private static final Kind[] DEATHS = {
    Kind.KILL_ORCHESTRATOR,
    Kind.KILL_ORCHESTRATOR,
    Kind.KILL_ORCHESTRATOR,
    Kind.KILL_ENDPOINT,
    Kind.KILL_BOTH,
    Kind.TERMINATE_ORCHESTRATOR,
    Kind.LOSE_ORCHESTRATOR
  };

  private static final Kind[] OTHERS = {
    Kind.CUT_LINE,
    Kind.CUT_LINE,
    Kind.CUT_LINE,
    Kind.CLOUD_UNAVAILABLE,
    Kind.LOSE_ANSWER,
    Kind.LAG,
    Kind.NO_CAPACITY
  };

  /** What persons do, who need a journal that several processes may open. */
  private static final Kind[] PERSONS = {Kind.CANCEL_RUN, Kind.PAUSE_PIPELINE};

  static long seedOf(long seed, int run) {
    return seed + run * GOLDEN;
  }

  /** A run without disturbances. */
  static ChaosPlan undisturbed(Shape shape) {
    return alone(shape, List.of());
  }

  /** A point of the sweep. */
  static ChaosPlan of(SweepPoint point) {
    return alone(
        Shape.SWEEP,
        List.of(
            new Disturbance(
                point.what().kind(),
                new Strike(point.message(), point.place()),
                Duration.ofMillis(100),
                FaultyProxy.Fault.DROP)));
  }

  private static ChaosPlan alone(Shape shape, List<Disturbance> disturbances) {
    return new ChaosPlan(
        0,
        false,
        shape,
        Collections.nCopies(shape.jobs(), UNDISTURBED_MILLIS),
        Duration.ofMillis(100),
        Duration.ofMillis(100),
        LONG_LEASE,
        disturbances);
  }

  boolean serves() {
    return shape.serves();
  }

  /** Which shape the run of a seed has. */
  static Shape shapeOf(long seed) {
    RandomGenerator random = random(seed);
    // Whether the run is handed over is drawn before.
    random.nextBoolean();
    return shape(random);
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** A session of several runs has the most to lose. */
  private static Shape shape(RandomGenerator random) {
    int drawn = random.nextInt(10);
    return Shape.ALL.get(
        drawn < 1 ? 0 : drawn < 3 ? 1 : drawn < 5 ? 2 : drawn < 6 ? 3 : drawn < 8 ? 4 : 5);
  }

  /**
   * @param counted how many messages an undisturbed run of the shape sends
   */
  static ChaosPlan of(long seed, ToIntFunction<Shape> counted) {
    RandomGenerator random = random(seed);
    boolean handOver = random.nextBoolean();
    Shape shape = shape(random);
    List<Integer> jobs = new ArrayList<>();
    for (int job = 0; job < shape.jobs(); job++) {
      jobs.add(random.nextInt(2 * UNDISTURBED_MILLIS));
    }
    Duration startTakes = Duration.ofMillis(100 + random.nextInt(400));
    Duration stopTakes = Duration.ofMillis(100 + random.nextInt(400));
    int messages = counted.applyAsInt(shape);
    List<Disturbance> disturbances = new ArrayList<>();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      Kind kind =
          random.nextBoolean()
              ? death(random)
              : shape.pair() && random.nextBoolean()
                  ? PERSONS[random.nextInt(PERSONS.length)]
                  : OTHERS[random.nextInt(OTHERS.length)];
      disturbances.add(disturbance(kind, random, messages));
    }
    if (disturbances.stream().noneMatch(Disturbance::isDeath)) {
      disturbances.add(disturbance(death(random), random, messages));
    }
    disturbances.sort(Comparator.comparingInt(each -> each.at().message()));
    if (shape.dates() > 1 && random.nextInt(10) < 4) {
      // First, since later ones are counted on from it.
      Disturbance first = disturbance(death(random), random, messages);
      disturbances.set(
          0,
          new Disturbance(
              first.kind(), new Strike(0, Place.BETWEEN_RUNS), first.lasts(), first.fault()));
    }
    return new ChaosPlan(
        seed, handOver, shape, jobs, startTakes, stopTakes, SHORT_LEASE, disturbances);
  }

  private static Disturbance disturbance(Kind kind, RandomGenerator random, int messages) {
    return new Disturbance(
        kind,
        new Strike(1 + random.nextInt(messages), AT_MESSAGE[random.nextInt(AT_MESSAGE.length)]),
        Duration.ofMillis(100 + random.nextInt(1900)),
        FaultyProxy.Fault.values()[random.nextInt(FaultyProxy.Fault.values().length)]);
  }

  private static Kind death(RandomGenerator random) {
    return DEATHS[random.nextInt(DEATHS.length)];
  }
}
