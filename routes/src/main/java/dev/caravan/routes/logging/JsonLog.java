package dev.caravan.routes.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/**
 * Writes the log as lines of JSON from now on; run, job and trace id are among the fields of {@code
 * mdc}.
 */
public final class JsonLog {
  private JsonLog() {}

  /** Does so; before that a few lines of the start may be there as text. */
  public static void use() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    use(context, context.getLogger(Logger.ROOT_LOGGER_NAME));
  }

  /** For all that write to the console, those behind other appenders included. */
  private static void use(LoggerContext context, AppenderAttachable<ILoggingEvent> holder) {
    for (Iterator<Appender<ILoggingEvent>> all = holder.iteratorForAppenders(); all.hasNext(); ) {
      Appender<ILoggingEvent> appender = all.next();
      if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
        console.setEncoder(encoder(context));
      } else if (appender instanceof CollapsingAppender collapsing) {
        use(context, collapsing);
      }
    }
  }

  private static JsonEncoder encoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.start();
    return encoder;
  }
}
