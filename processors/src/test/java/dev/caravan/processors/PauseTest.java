package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(20)
class PauseTest {
  @RegisterExtension final Stage stage = new Stage();
  private final Pause pause = new Pause();

  @Test
  void waitsAsLongAsItWasAskedTo() {
    Scope.pause(stage.exchange, Duration.ofMillis(30));
    long begin = System.nanoTime();

    pause.process(stage.exchange);

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(30));
  }

  @Test
  void nobodyAskedForAPause() {
    // An hour would end by the time-out of this class.
    Scope.pause(stage.exchange, Duration.ofHours(1));
    stage.afterRestart();

    pause.process(stage.exchange);

    assertThat(Scope.pause(stage.exchange)).isZero();
  }

  @Test
  void anHourIsCutShortByAShutdown() {
    AtomicInteger looks = new AtomicInteger();
    stage.exchange =
        new DefaultExchange(
            new DefaultCamelContext() {
              @Override
              public boolean isStopping() {
                return looks.incrementAndGet() > 2;
              }
            });
    Scope.pause(stage.exchange, Duration.ofHours(1));

    pause.process(stage.exchange);

    assertThat(looks).hasValue(3);
  }

  @Test
  void interruptionEndsItAsACancellation() {
    Scope.pause(stage.exchange, Duration.ofHours(1));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> pause.process(stage.exchange))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
