package dev.caravan.processors.journal;

import org.slf4j.event.Level;

/** What an alarm is raised for. */
public enum AlarmKind {
  /** The cloud refused the stop of a cluster; it is tried again. Cleared by STOPPED. */
  STOP_REFUSED(
      Level.ERROR, "cluster %s may still be running and costing money, will try again: %s"),
  /** The stop of a cluster was given up by who tried it. Cleared by STOPPED. */
  STOP_FAILED(Level.ERROR, "cluster %s may still be running and costing money: %s"),
  /** A cluster was left running on purpose. Cleared once it is seen STOPPED. */
  LEFT_RUNNING(
      Level.WARN,
      "cluster %s is left running, since %s: it costs money until somebody stops it (caravan.cluster.NAME.stop-policy=always stops it)"),
  /**
   * A cluster has been up for long, and no session of this journal is open on it. Cleared once it
   * is seen STOPPED, or a session begins.
   */
  RUNNING_UNUSED(
      Level.WARN,
      "cluster %s is up, and nobody here uses it: %s: it costs money until somebody stops it"),
  /**
   * Another orchestrator took a run over that this one did not know to be lost. Cleared by its end.
   */
  RUN_TAKEN_OVER(Level.ERROR, "run %s was taken over by another orchestrator%s"),
  /**
   * A pipeline's file was edited and can't be used; its last good version is. Cleared by a good
   * one.
   */
  BROKEN_DEFINITION(
      Level.ERROR, "the pipeline file %s is broken, its last good version stays in use: %s"),
  /** A run was due and has not begun within its bound. Cleared by its begin, or its end. */
  RUN_LATE(Level.WARN, "run %s is late: %s"),
  /**
   * No run of a date has succeeded by the time of day at which people want its data. Its subject is
   * pipeline and date. Cleared by a success of that date.
   */
  RUN_OVERDUE(Level.ERROR, "%s is overdue: %s"),
  /**
   * A share of a pipeline's budget is spent. Its subject is pipeline and month. Cleared by the end
   * of the month, or a higher budget.
   */
  BUDGET_WARNING(Level.WARN, "the budget of %s is nearly used up: %s"),
  /**
   * A pipeline's budget is spent: new catch-up is skipped, and its backfills are held. Otherwise as
   * {@link #BUDGET_WARNING}.
   */
  BUDGET_EXCEEDED(Level.ERROR, "the budget of %s is used up: %s"),
  /**
   * A date has failed: its subject is pipeline and date, so that each further attempt that fails is
   * the same alarm. Cleared by a success of that date, since its data is missing until then. The
   * end of the run is in the log already.
   */
  RUN_FAILED(Level.DEBUG, "%s failed: %s");

  private final Level level;
  private final String sentence;

  AlarmKind(Level level, String sentence) {
    this.level = level;
    this.sentence = sentence;
  }

  /** Whether it costs money until somebody acts, so that quiet hours must not hold it back. */
  boolean isUrgent() {
    return this == STOP_REFUSED
        || this == STOP_FAILED
        || this == LEFT_RUNNING
        || this == RUNNING_UNUSED;
  }

  Level level() {
    return level;
  }

  /** The alarm in words. */
  public String sentence(String subject, String detail) {
    return sentence.formatted(subject, detail);
  }
}
