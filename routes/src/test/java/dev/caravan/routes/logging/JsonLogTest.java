package dev.caravan.routes.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class JsonLogTest {
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private ConsoleAppender<ILoggingEvent> console;
  private Encoder<ILoggingEvent> text;
  private PrintStream stderr;

  @BeforeEach
  void divert() {
    console = (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
    text = console.getEncoder();
    stderr = System.err;
    System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(stderr);
    console.setEncoder(text);
  }

  @Test
  void eachLineIsAnObjectWithTheWordsAndTheRunItsJobAndItsTrace() throws Exception {
    try (MDC.MDCCloseable run = MDC.putCloseable("run", "marts/2026-11-21/1");
        MDC.MDCCloseable job = MDC.putCloseable("job", "load");
        MDC.MDCCloseable trace = MDC.putCloseable("trace_id", "0af7651916cd43dd8448eb211c80319c")) {
      JsonLog.use();
      LoggerFactory.getLogger(JsonLogTest.class)
          .error("It says {}:\n\"no\"", "<&>", new IllegalStateException("why"));
    }

    String line =
        lines
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(each -> each.contains(JsonLogTest.class.getName()))
            .findFirst()
            .orElseThrow();
    JsonNode event = new ObjectMapper().readTree(line);
    assertThat(event.get("level").asText()).isEqualTo("ERROR");
    assertThat(event.get("formattedMessage").asText()).isEqualTo("It says <&>:\n\"no\"");
    assertThat(event.at("/mdc/run").asText()).isEqualTo("marts/2026-11-21/1");
    assertThat(event.at("/mdc/job").asText()).isEqualTo("load");
    assertThat(event.at("/mdc/trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(event.at("/throwable/message").asText()).isEqualTo("why");
    assertThat(event.get("timestamp").asLong()).isPositive();
  }

  /** As the shipped configuration has it. */
  @Test
  void consoleBehindTheAppenderThatCollapsesWritesThemToo() {
    ConsoleAppender<ILoggingEvent> behind = new ConsoleAppender<>();
    CollapsingAppender log = new CollapsingAppender();
    log.addAppender(behind);
    root.addAppender(log);
    try {
      JsonLog.use();
    } finally {
      root.detachAppender(log);
    }
    assertThat(behind.getEncoder()).isInstanceOf(JsonEncoder.class);
  }
}
