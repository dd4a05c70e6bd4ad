package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shipped schedule route: it fires, and a tick waits for the run before it, by timer and by
 * cron.
 */
@Tag("slow")
class ScheduleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timer:schedule?synchronous=true&delay=0&period=50",
        "quartz:caravan/schedule?stateful=true&trigger.timeZone=Europe/Moscow&cron=*+*+*+*+*+?"
      })
  void ticksDoNotOverlap(String uri) throws Exception {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger going = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Main main = new Main();
    main.configure()
        .withBasePackageScanEnabled(false)
        .withJmxEnabled(false)
        .withShutdownTimeout(5)
        .withRoutesIncludePattern("classpath:camel/schedule.camel.yaml");
    main.bind(
        "chooseDate",
        (Processor)
            exchange -> assertThat(exchange.getMessage().getHeader("pipeline")).isEqualTo("marts"));
    main.configure()
        .addRoutesBuilder(
            new RouteBuilder() {
              @Override
              public void configure() {
                // Longer than the period of either tick.
                from("direct:session")
                    .process(
                        exchange -> {
                          most.accumulateAndGet(going.incrementAndGet(), Math::max);
                          runs.incrementAndGet();
                        })
                    .delay(1500)
                    .syncDelayed()
                    .process(exchange -> going.decrementAndGet());
              }
            });
    main.start();
    try {
      TemplatedRouteBuilder.builder(main.getCamelContext(), "schedule")
          .routeId("schedule-marts")
          .parameter("pipeline", "marts")
          .parameter("tick", uri)
          .add();
      assertThat(runs).as("the route starts when it is told to").hasValue(0);
      main.getCamelContext().getRouteController().startRoute("schedule-marts");
      await().atMost(Duration.ofSeconds(30)).until(() -> runs.get() >= 3);
    } finally {
      main.stop();
    }
    assertThat(most).hasValue(1);
  }
}
