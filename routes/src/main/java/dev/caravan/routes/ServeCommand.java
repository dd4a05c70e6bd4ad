package dev.caravan.routes;

import dev.caravan.routes.settings.Settings;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the pipeline on its schedule until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the pipeline on its schedule until SIGTERM.")
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public Integer call() throws Exception {
    Settings settings = options.read();
    CaravanApplication application = CaravanApplication.start(settings, Clock.systemUTC());
    application.journal().onEvent(event -> LOG.info("{}", Progress.sentence(event)));
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  application.close();
                  stopped.countDown();
                },
                "shutdown"));
    // Not before a SIGTERM finds its hook.
    application.serve();
    stopped.await();
    return ExitCodes.OK;
  }
}
