package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.shared.FatalException;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class RaiseAlarmTest {
  @RegisterExtension final Stage stage = new Stage();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.caravan.processors");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private RaiseAlarm raiseAlarm;

  @BeforeEach
  void listen() {
    raiseAlarm = new RaiseAlarm(stage.journal);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  private List<String> errors() {
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void saysWhichClusterMayStillRunAndWhy() {
    Run run = stage.claim();
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.journal.sessions().stopAsked(run);
    stage.exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new FatalException("no permission"));

    raiseAlarm.process(stage.exchange);

    assertThat(errors()).hasSize(1);
    assertThat(errors().get(0)).contains("ALARM", stage.clusterId, "no permission");
    assertThat(stage.events(run, RunEvent.Kind.ALARM_RAISED))
        .containsExactly("STOP_FAILED " + stage.clusterId + " no permission");
    assertThat(stage.journal.alarms().raised())
        .extracting(Alarm::key)
        .contains(new Alarm.Key(AlarmKind.STOP_FAILED, stage.clusterId));
    assertThat(stage.journal.sessions().owesStop(stage.clusterId))
        .as("the stop stays pending")
        .isTrue();
  }

  @Test
  void isRaisedWithoutARunAndDuringAShutdownToo() {
    raiseAlarm.process(stage.whileStopping());

    assertThat(errors()).hasSize(1);
    assertThat(errors().get(0)).contains("no cause is known");
  }
}
