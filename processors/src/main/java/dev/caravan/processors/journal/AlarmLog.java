package dev.caravan.processors.journal;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that writes alarms to the log: as lines that begin with {@code ALARM:}. */
final class AlarmLog implements Consumer<RunEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(AlarmLog.class);

  @Override
  public void accept(RunEvent event) {
    if (event.kind() == RunEvent.Kind.ALARM_RAISED) {
      say(Alarm.Key.of(event.subject()), event.detail());
    }
  }

  void say(Alarm.Key key, String detail) {
    LOG.atLevel(key.kind().level()).log("ALARM: {}", key.kind().sentence(key.subject(), detail));
  }
}
