package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.cloud.process.RecordedEvents;
import dev.caravan.cloud.process.RecordedEvents.RecordedEvent;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.shared.FatalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00.123Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final long PID = ProcessHandle.current().pid();

  @TempDir Path directory;

  private Path path() {
    return directory.resolve("events.jsonl");
  }

  private EventFile open() {
    return EventFile.open(Optional.of(path()), CLOCK);
  }

  @Test
  void eachEventIsALineOfJsonThatIsThereAtOnce() throws Exception {
    try (EventFile file = open()) {
      file.tell(EventFile.ProcessEvent.PROCESS_READY);
      file.accept(
          new RunEvent(
              "p/2026-11-21/1", NOW, RunEvent.Kind.JOB_FAILED, "mart", "it said \"no\"\n"));

      assertThat(Files.readAllLines(path()))
          .containsExactly(
              "{\"at\":\"2026-11-22T03:00:00.123Z\",\"pid\":"
                  + PID
                  + ",\"run\":\"\",\"kind\":\"PROCESS_READY\",\"subject\":\"\",\"detail\":\"\"}",
              "{\"at\":\"2026-11-22T03:00:00.123Z\",\"pid\":"
                  + PID
                  + ",\"run\":\"p/2026-11-21/1\",\"kind\":\"JOB_FAILED\",\"subject\":\"mart\",\"detail\":\"it said \\\"no\\\"\\n\"}");
      assertThat(new RecordedEvents(path()).all())
          .contains(
              new RecordedEvent(
                  NOW, PID, "p/2026-11-21/1", "JOB_FAILED", "mart", "it said \"no\"\n"));
    }
  }

  @Test
  void fileIsAppendedToAndSharedWithOthers() {
    try (EventFile first = open();
        EventFile second = open()) {
      first.tell(EventFile.ProcessEvent.PROCESS_STARTED);
      second.tell(EventFile.ProcessEvent.PROCESS_STARTED);
      first.tell(EventFile.ProcessEvent.PROCESS_STOPPED);
    }
    assertThat(new RecordedEvents(path()).all())
        .extracting(RecordedEvent::kind)
        .containsExactly("PROCESS_STARTED", "PROCESS_STARTED", "PROCESS_STOPPED");
  }

  @Test
  void withoutAPathNothingIsWritten() {
    try (EventFile none = EventFile.open(Optional.empty(), CLOCK)) {
      none.tell(EventFile.ProcessEvent.PROCESS_STARTED);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void fileThatCannotBeOpenedRefusesTheStart() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> EventFile.open(Optional.of(directory), CLOCK))
        .withMessageContaining("caravan.events.file")
        .withMessageContaining(directory.toString());
  }

  @Test
  void diskThatIsFullFailsNobody() {
    try (EventFile full = EventFile.open(Optional.of(Path.of("/dev/full")), CLOCK)) {
      full.tell(EventFile.ProcessEvent.PROCESS_STARTED);
      full.tell(EventFile.ProcessEvent.PROCESS_STOPPED);
    }
  }

  /** What {@link CaravanApplication} tells a forced shutdown by. */
  @Test
  void camelRemembersThatAShutdownWasForced() throws Exception {
    for (boolean hangs : new boolean[] {false, true}) {
      java.util.concurrent.CountDownLatch begun = new java.util.concurrent.CountDownLatch(1);
      java.util.concurrent.CountDownLatch end = new java.util.concurrent.CountDownLatch(1);
      DefaultCamelContext camel = new DefaultCamelContext();
      camel.getShutdownStrategy().setTimeout(1);
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:in")
                  .process(
                      exchange -> {
                        begun.countDown();
                        end.await();
                      });
            }
          });
      camel.start();
      try {
        if (hangs) {
          camel.createProducerTemplate().asyncSendBody("direct:in", "x");
          begun.await();
        }
        camel.stop();
        assertThat(camel.getShutdownStrategy().hasTimeoutOccurred()).isEqualTo(hangs);
      } finally {
        end.countDown();
      }
    }
  }
}
