package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
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
    stage.context().session().pauseFor(Duration.ofMillis(30));
    long begin = System.nanoTime();

    pause.process(stage.exchange);

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(30));
  }

  @Test
  void nobodyAskedForAPause() {
    // An hour would end by the time-out of this class.
    stage.context().session().pauseFor(Duration.ofHours(1));
    stage.afterRestart();

    pause.process(stage.exchange);

    assertThat(stage.context().session().pause()).isZero();
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
    stage.context().session().pauseFor(Duration.ofHours(1));

    pause.process(stage.exchange);

    assertThat(looks).hasValue(3);
  }

  @Test
  void interruptionEndsItAsACancellation() {
    stage.context().session().pauseFor(Duration.ofHours(1));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> pause.process(stage.exchange))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void manyWaitAtTheSameTimeEachOnItsOwnThread() throws Exception {
    int many = 50;
    CountDownLatch waiting = new CountDownLatch(many);
    AtomicBoolean stopping = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        Exchange exchange =
            new DefaultExchange(
                new DefaultCamelContext() {
                  private final AtomicBoolean first = new AtomicBoolean(true);

                  @Override
                  public boolean isStopping() {
                    if (first.getAndSet(false)) {
                      waiting.countDown();
                      return false;
                    }
                    return stopping.get();
                  }
                });
        RunContext.of(exchange).session().pauseFor(Duration.ofHours(1));
        runs.add(threads.submit(() -> pause.process(exchange)));
      }
      assertThat(waiting.await(15, TimeUnit.SECONDS)).as("none waits for another").isTrue();
      stopping.set(true);
      for (Future<?> run : runs) {
        run.get(15, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
