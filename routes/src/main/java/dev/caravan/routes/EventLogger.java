package dev.caravan.routes;

import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.cli.Sentences;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Writes each event as a line of the log, with its run and job in the MDC: failures at ERROR, all
 * else at INFO. An alarm has its own line, which the journal writes. Called on the threads of the
 * runs.
 */
final class EventLogger implements Consumer<RunEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(EventLogger.class);

  private final Sentences sentences = new Sentences();

  @Override
  public void accept(RunEvent event) {
    if (isToldElsewhere(event.kind())) {
      return;
    }
    String run = MDC.get("run");
    String job = MDC.get("job");
    MDC.put("run", event.runId());
    MDC.put("job", isOfJob(event.kind()) ? event.subject() : "-");
    try {
      LOG.atLevel(level(event)).log("{}", sentences.of(event));
    } finally {
      restore("run", run);
      restore("job", job);
    }
  }

  /** By the journal, or by the step that waits or has nothing to do. */
  private static boolean isToldElsewhere(RunEvent.Kind kind) {
    return switch (kind) {
      case ALARM_RAISED, RUN_AWAITED, RUN_NOT_REPEATED -> true;
      default -> false;
    };
  }

  private static void restore(String key, String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }

  private static boolean isOfJob(RunEvent.Kind kind) {
    return switch (kind) {
      case JOB_SUBMITTED, JOB_SUCCEEDED, JOB_FAILED, JOB_KILLED, JOB_NOT_RUN, OUTPUT_VERIFIED ->
          true;
      default -> false;
    };
  }

  private static Level level(RunEvent event) {
    boolean failure =
        switch (event.kind()) {
          case JOB_FAILED -> true;
          case RUN_ENDED -> event.subject().equals(RunState.FAILED.name());
          default -> false;
        };
    return failure ? Level.ERROR : Level.INFO;
  }
}
