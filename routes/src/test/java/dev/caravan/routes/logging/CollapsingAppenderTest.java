package dev.caravan.routes.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CollapsingAppenderTest {
  private static final String PATTERN = "Batch {} could not be looked at: {}";

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Duration now = Duration.ZERO;
  private CollapsingAppender collapsing;
  private Logger log;

  @BeforeEach
  void create() {
    context.setMDCAdapter(MDC.getMDCAdapter());
    said.start();
    collapsing = new CollapsingAppender(() -> now.toNanos());
    collapsing.setContext(context);
    collapsing.addAppender(said);
    collapsing.start();
    log = context.getLogger("dev.caravan.Test");
    log.addAppender(collapsing);
  }

  @AfterEach
  void forget() {
    MDC.clear();
  }

  private List<String> lines() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** A look each two seconds for so long, each of which fails. */
  private void outage(Duration length) {
    for (Duration end = now.plus(length);
        now.compareTo(end) < 0;
        now = now.plus(Duration.ofSeconds(2))) {
      log.warn(PATTERN, 7, "refused");
    }
  }

  @Test
  void anOutageOfFiveMinutesIsAFewLinesThatTellHowMany() {
    outage(Duration.ofMinutes(5));
    log.detachAppender(collapsing);
    collapsing.stop();

    assertThat(lines())
        .containsExactly(
            "Batch 7 could not be looked at: refused",
            "Batch 7 could not be looked at: refused (29 more times in 60s)",
            "Batch 7 could not be looked at: refused (59 more times in 2m)",
            "Batch 7 could not be looked at (59 more times in 118s)");
  }

  @Test
  void anOutageOfADayIsNotALineAMinute() {
    outage(Duration.ofHours(24));

    assertThat(said.list).hasSizeBetween(20, 35);
  }

  @Test
  void whatIsOverIsCountedAndBeginsAnew() {
    outage(Duration.ofSeconds(30));
    now = now.plus(Duration.ofMinutes(10));
    log.info("Another line");
    log.warn(PATTERN, 7, "refused");

    assertThat(lines())
        .containsExactly(
            "Batch 7 could not be looked at: refused",
            "Batch 7 could not be looked at (14 more times in 28s)",
            "Another line",
            "Batch 7 could not be looked at: refused");
  }

  @Test
  void changingCausesOfOneTroubleAreOneRepetition() {
    log.warn(PATTERN, 7, "refused");
    log.warn(PATTERN, 7, "time-out");
    log.warn(PATTERN, 7, "refused");

    assertThat(said.list).hasSize(1);
  }

  @Test
  void anotherSubjectRunJobOrLevelIsAnotherTrouble() {
    log.warn(PATTERN, 7, "refused");
    log.warn(PATTERN, 8, "refused");
    log.error(PATTERN, 8, "refused");
    MDC.put("run", "p/2026-01-02/1");
    log.warn(PATTERN, 8, "refused");
    MDC.put("job", "mart");
    log.warn(PATTERN, 8, "refused");

    assertThat(said.list).hasSize(5);
  }

  @Test
  void differentSentencesOfOnePatternAreDifferentTroubles() {
    log.error("{}", "Job mart failed: batch 1 ended dead");
    log.error("{}", "Job mart failed: batch 2 ended dead");
    log.error("Without any argument");

    assertThat(said.list).hasSize(3);
  }

  @Test
  void whatIsNoTroubleIsAlwaysSaid() {
    log.setLevel(Level.INFO);
    for (int i = 0; i < 10; i++) {
      log.info("run {} begins", "r");
    }

    assertThat(said.list).hasSize(10);
  }

  @Test
  void aCountBearsTheRunOfItsTrouble() {
    MDC.put("run", "p/2026-01-02/1");
    outage(Duration.ofSeconds(10));
    MDC.clear();
    collapsing.stop();

    assertThat(said.list)
        .hasSize(2)
        .allSatisfy(
            event -> assertThat(event.getMDCPropertyMap()).containsEntry("run", "p/2026-01-02/1"));
  }

  @Test
  void manyDifferentTroublesDoNotFillTheMemory() {
    for (int batch = 0; batch < 5000; batch++) {
      log.warn(PATTERN, batch, "refused");
    }
    log.warn(PATTERN, 0, "refused");

    assertThat(said.list).as("the oldest are forgotten, and so said anew").hasSize(5001);
  }
}
