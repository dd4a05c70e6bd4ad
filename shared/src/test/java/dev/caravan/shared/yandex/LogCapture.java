package dev.caravan.shared.yandex;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caravan.shared.FatalException;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What this package logs while it is open. */
final class LogCapture implements AutoCloseable {
  private final Logger logger =
      (Logger) LoggerFactory.getLogger(FatalException.class.getPackageName());
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  LogCapture() {
    appender.start();
    logger.addAppender(appender);
  }

  List<String> lines() {
    return appender.list.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    appender.stop();
  }
}
