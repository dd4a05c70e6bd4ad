package dev.caravan.routes;

import dev.caravan.processors.steps.DecideOutcome;
import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.SettingsOptions;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.routes.logging.CollapsingAppender;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the pipelines on their schedules until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Runs the pipelines on their schedules, and answers on the API (caravan.server.*), until SIGTERM.")
final class ServeCommand implements Callable<Integer> {
  private static final long LOOK_SECONDS = 1;

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--reload",
      description =
          "for development: take up the routes in caravan.routes.directory when a file changes. All routes are loaded and checked first; with a broken file the server goes on as it is")
  private boolean reload;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private CaravanApplication running;
  private boolean stopping;

  @Override
  public Integer call() throws Exception {
    Settings settings = options.read();
    Optional<RoutesDirectory> watched =
        reload ? Optional.of(new RoutesDirectory(toWatch(settings))) : Optional.empty();
    begin(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
    // Not before a SIGTERM finds its hook.
    serve();
    while (watched.isPresent() && !stopped.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
      if (watched.get().hasChanged()) {
        takeUp(settings);
      }
    }
    stopped.await();
    return ExitCodes.OK;
  }

  private static Path toWatch(Settings settings) {
    if (settings.recovery().atShutdown() != DecideOutcome.AtShutdown.HAND_OVER) {
      throw new SettingsException(
          "--reload needs caravan.shutdown=hand-over: with stop each change of a file would end the runs in progress.");
    }
    return settings
        .routesDirectory()
        .orElseThrow(
            () ->
                new SettingsException(
                    "--reload watches caravan.routes.directory, which is not set."));
  }

  private synchronized void begin(Settings settings) throws Exception {
    running = start(settings);
    running.journal().onEvent(new EventLogger());
  }

  private synchronized void serve() throws Exception {
    running.serve();
    System.out.print(
        ServerNotice.of(running.controlPlane(), running.address(), Terminal.ofProcess().columns()));
    System.out.flush();
  }

  private synchronized void stop() {
    stopping = true;
    running.close();
    CollapsingAppender.sayCounts();
    stopped.countDown();
  }

  /**
   * The application is made anew in this process; what runs is handed over from the old one to the
   * new one. Camel's own reload would take all routes away when a file is broken.
   */
  private synchronized void takeUp(Settings settings) throws Exception {
    if (stopping) {
      return;
    }
    try {
      CaravanApplication.checkRoutes(settings);
    } catch (Exception e) {
      System.err.println("caravan: the changed routes are not taken up: " + e.getMessage());
      return;
    }
    running.close();
    begin(settings);
    serve();
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
