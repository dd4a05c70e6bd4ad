package dev.caravan.jobs.output;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures the phases of a job one after the other. For one thread. */
public final class PhaseClock {
  private final Clock clock;
  private final Map<String, Duration> phases = new LinkedHashMap<>();
  private String phase = "";
  private Instant began;

  public PhaseClock(Clock clock) {
    this.clock = clock;
    this.began = clock.instant();
  }

  /** Ends the phase before, if any, and begins {@code name}. */
  public void begin(String name) {
    end();
    phase = name;
    began = clock.instant();
  }

  /** Ends the current phase. */
  public void end() {
    if (!phase.isEmpty()) {
      phases.merge(phase, Duration.between(began, clock.instant()), Duration::plus);
      phase = "";
    }
  }

  /** The phase that runs now; empty between phases. */
  public String current() {
    return phase;
  }

  /** Ended phases in order. */
  public Map<String, Duration> phases() {
    return new LinkedHashMap<>(phases);
  }
}
