package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With Camel's own shutdown, which asks again and again what is under way. */
@Timeout(60)
class HeldRunsTest {
  private static DefaultCamelContext context(AtomicBoolean held, CountDownLatch asked)
      throws Exception {
    DefaultCamelContext camel = new DefaultCamelContext();
    camel.setInflightRepository(
        new HeldRuns(
            () -> {
              asked.countDown();
              return held.get();
            }));
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:session").routeId("session").to("log:x");
          }
        });
    camel.getShutdownStrategy().setTimeout(30);
    camel.start();
    return camel;
  }

  @Test
  void shutdownWaitsAsLongAsARunIsHeldThoughNothingIsInARoute() throws Exception {
    AtomicBoolean held = new AtomicBoolean(true);
    CountDownLatch askedThrice = new CountDownLatch(3);
    DefaultCamelContext camel = context(held, askedThrice);
    Thread shutdown = new Thread(camel::stop, "shutdown");
    shutdown.start();

    assertThat(askedThrice.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(camel.isStopped()).isFalse();
    held.set(false);

    shutdown.join(TimeUnit.SECONDS.toMillis(20));
    assertThat(camel.isStopped()).isTrue();
  }

  @Test
  void shutdownWaitsForNothingWhereNoRunIsHeld() throws Exception {
    DefaultCamelContext camel = context(new AtomicBoolean(false), new CountDownLatch(1));

    camel.stop();

    assertThat(camel.isStopped()).isTrue();
  }
}
