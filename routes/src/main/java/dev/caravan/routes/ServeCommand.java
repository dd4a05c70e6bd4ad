package dev.caravan.routes;

import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.settings.Schedule;
import dev.caravan.routes.settings.Settings;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the pipelines on their schedules until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the pipelines on their schedules until SIGTERM.")
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public Integer call() throws Exception {
    Settings settings = options.read();
    CaravanApplication application = CaravanApplication.start(settings, Clock.systemUTC());
    application.journal().onEvent(new EventLogger());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  application.close();
                  CollapsingAppender.sayCounts();
                  stopped.countDown();
                },
                "shutdown"));
    for (Pipeline pipeline : settings.pipelines().all()) {
      pipeline
          .schedule()
          .ifPresent(
              set -> warnOfDatesWithoutTick(new Schedule(pipeline.name(), set), Instant.now()));
    }
    // Not before a SIGTERM finds its hook.
    application.serve();
    stopped.await();
    return ExitCodes.OK;
  }

  private static void warnOfDatesWithoutTick(Schedule schedule, Instant now) {
    List<LocalDate> dates = schedule.datesWithoutTick(now);
    if (!dates.isEmpty()) {
      LOG.warn(
          "The schedule of {} has no tick for the logical dates {}: a clock change in {} skips"
              + " their time of day. Run each by hand (caravan run --pipeline {} --date {}), or"
              + " choose another time of day.",
          schedule.pipeline(),
          dates,
          schedule.set().zone(),
          schedule.pipeline(),
          dates.get(0));
    }
  }
}
