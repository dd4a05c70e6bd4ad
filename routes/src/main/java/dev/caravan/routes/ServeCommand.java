package dev.caravan.routes;

import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.settings.Settings;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the pipelines on their schedules until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the pipelines on their schedules until SIGTERM.")
final class ServeCommand implements Callable<Integer> {
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
    // Not before a SIGTERM finds its hook.
    application.serve();
    stopped.await();
    return ExitCodes.OK;
  }
}
