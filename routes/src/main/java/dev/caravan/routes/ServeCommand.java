package dev.caravan.routes;

import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.SettingsOptions;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.FatalException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the pipelines on their schedules until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Runs the pipelines on their schedules, and answers on the API (caravan.server.*), until SIGTERM.")
final class ServeCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public Integer call() throws Exception {
    Settings settings = options.read();
    CaravanApplication application = start(settings);
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
    System.out.print(
        ServerNotice.of(
            application.controlPlane(), application.address(), Terminal.ofProcess().columns()));
    System.out.flush();
    stopped.await();
    return ExitCodes.OK;
  }

  /** A journal that can't be opened may be another server's, which has said where it is. */
  private static CaravanApplication start(Settings settings) throws Exception {
    try {
      return CaravanApplication.startServer(settings, Clock.systemUTC());
    } catch (FatalException e) {
      Optional<ServerFile> other =
          ServerFile.read(settings.server().file()).filter(ServerFile::isAlive);
      if (other.isEmpty()) {
        throw e;
      }
      throw new FatalException(
          "Another server has this journal already: process %d, at %s."
              .formatted(other.get().pid(), other.get().address()),
          e);
    }
  }
}
