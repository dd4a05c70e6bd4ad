package dev.caravan.routes.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * Passes events on, and says a warning or an error that repeats itself only at growing intervals,
 * with how many there were in between: an outage that is met at every look is a few lines, not
 * hundreds. Two are the same if they differ in nothing but the cause, the last argument after a
 * colon. What stays unsaid when the repetition ends, or the process does, is counted in a last
 * line. Logback calls it on the threads that log, one at a time.
 */
public final class CollapsingAppender extends AppenderBase<ILoggingEvent>
    implements AppenderAttachable<ILoggingEvent> {
  private static final Duration FIRST_INTERVAL = Duration.ofMinutes(1);
  private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

  /** What has not been met for this long, or for twice its interval, is over. */
  private static final Duration QUIET = Duration.ofMinutes(2);

  private static final int MOST_KNOWN = 1000;

  /** How a pattern ends whose last argument is the cause. */
  private static final String CAUSE = ": {}";

  /** What makes two events the same. */
  private record Key(
      Level level, String logger, String run, String job, String pattern, List<String> subject) {}

  /** A repetition; times are those of the monotonic clock. */
  private static final class Repetition {
    private ILoggingEvent last;
    private long saidAt;
    private long seenAt;
    private long interval = FIRST_INTERVAL.toNanos();
    private int unsaid;
  }

  private final AppenderAttachableImpl<ILoggingEvent> targets = new AppenderAttachableImpl<>();
  private final Map<Key, Repetition> known = new LinkedHashMap<>();
  private final LongSupplier nanos;

  public CollapsingAppender() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock
   */
  CollapsingAppender(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  protected void append(ILoggingEvent event) {
    long now = nanos.getAsLong();
    sayWhatIsOver(now);
    if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
      targets.appendLoopOnAppenders(event);
      return;
    }
    // Its words and its run are those of now, whenever it is said.
    event.prepareForDeferredProcessing();
    Repetition repetition = known.get(key(event));
    if (repetition == null) {
      begin(event, now);
      targets.appendLoopOnAppenders(event);
      return;
    }
    repetition.last = event;
    repetition.seenAt = now;
    if (now - repetition.saidAt < repetition.interval) {
      repetition.unsaid++;
      return;
    }
    targets.appendLoopOnAppenders(
        repetition.unsaid == 0
            ? event
            : withWords(event, event.getFormattedMessage() + more(repetition, now)));
    repetition.unsaid = 0;
    repetition.saidAt = now;
    repetition.interval = Math.min(2 * repetition.interval, LONGEST_INTERVAL.toNanos());
  }

  private void begin(ILoggingEvent event, long now) {
    Repetition first = new Repetition();
    first.last = event;
    first.saidAt = now;
    first.seenAt = now;
    known.put(key(event), first);
    if (known.size() > MOST_KNOWN) {
      Iterator<Repetition> oldest = known.values().iterator();
      sayEnd(oldest.next());
      oldest.remove();
    }
  }

  private void sayWhatIsOver(long now) {
    known
        .values()
        .removeIf(
            repetition -> {
              boolean over =
                  now - repetition.seenAt > Math.max(QUIET.toNanos(), 2 * repetition.interval);
              if (over) {
                sayEnd(repetition);
              }
              return over;
            });
  }

  private void sayEnd(Repetition repetition) {
    if (repetition.unsaid > 0) {
      ILoggingEvent last = repetition.last;
      targets.appendLoopOnAppenders(
          withWords(last, withoutCause(last) + more(repetition, repetition.seenAt)));
    }
  }

  private static String more(Repetition repetition, long until) {
    long seconds = Duration.ofNanos(until - repetition.saidAt).toSeconds();
    return " (%d more times in %s)"
        .formatted(
            repetition.unsaid, seconds < 120 ? seconds + "s" : Math.round(seconds / 60.0) + "m");
  }

  /** The cause was said before. */
  private static String withoutCause(ILoggingEvent event) {
    String pattern = event.getMessage();
    return endsWithCause(event)
        ? MessageFormatter.arrayFormat(
                pattern.substring(0, pattern.length() - CAUSE.length()), event.getArgumentArray())
            .getMessage()
        : event.getFormattedMessage();
  }

  private static Key key(ILoggingEvent event) {
    Object[] arguments =
        event.getArgumentArray() == null ? new Object[0] : event.getArgumentArray();
    int subjects = endsWithCause(event) ? arguments.length - 1 : arguments.length;
    Map<String, String> mdc = event.getMDCPropertyMap();
    return new Key(
        event.getLevel(),
        event.getLoggerName(),
        mdc.getOrDefault("run", ""),
        mdc.getOrDefault("job", ""),
        event.getMessage(),
        Arrays.stream(arguments).limit(subjects).map(String::valueOf).toList());
  }

  private static boolean endsWithCause(ILoggingEvent event) {
    return event.getArgumentArray() != null && event.getMessage().endsWith(CAUSE);
  }

  private ILoggingEvent withWords(ILoggingEvent event, String words) {
    LoggerContext context = (LoggerContext) getContext();
    LoggingEvent changed =
        new LoggingEvent(
            CollapsingAppender.class.getName(),
            context.getLogger(event.getLoggerName()),
            event.getLevel(),
            words,
            null,
            null);
    changed.setInstant(event.getInstant());
    changed.setThreadName(event.getThreadName());
    changed.setMDCPropertyMap(event.getMDCPropertyMap());
    return changed;
  }

  /** Lets the log of this process say now what it has only counted so far. */
  public static void sayCounts() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context
          .getLogger(Logger.ROOT_LOGGER_NAME)
          .iteratorForAppenders()
          .forEachRemaining(
              appender -> {
                if (appender instanceof CollapsingAppender collapsing) {
                  collapsing.sayEnds();
                }
              });
    }
  }

  private synchronized void sayEnds() {
    known.values().forEach(this::sayEnd);
    known.clear();
  }

  @Override
  public void stop() {
    sayEnds();
    super.stop();
    targets.detachAndStopAllAppenders();
  }

  @Override
  public void addAppender(Appender<ILoggingEvent> target) {
    targets.addAppender(target);
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return targets.iteratorForAppenders();
  }

  @Override
  public Appender<ILoggingEvent> getAppender(String name) {
    return targets.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> target) {
    return targets.isAttached(target);
  }

  @Override
  public void detachAndStopAllAppenders() {
    targets.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> target) {
    return targets.detachAppender(target);
  }

  @Override
  public boolean detachAppender(String name) {
    return targets.detachAppender(name);
  }
}
