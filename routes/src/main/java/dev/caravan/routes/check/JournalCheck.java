package dev.caravan.routes.check;

import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.operations.AlarmView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.FatalException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens the journal to read, or asks the server that has it. Nothing is written: a journal that
 * isn't there stays away, and an old one is not brought up to date.
 *
 * @param server gives the server that has written this file
 */
record JournalCheck(Settings settings, Clock clock, Function<Path, Optional<ControlPlane>> server) {
  private static final String KEY = "caravan.journal.url";

  /**
   * @param plane what the journal can be asked by; empty if it can't
   */
  record Opened(Finding finding, Optional<ControlPlane> plane) {}

  Opened open() {
    String place = settings.journal().place();
    try {
      Path file = settings.server().file();
      Optional<ControlPlane> running = server.apply(file);
      if (running.isPresent()) {
        String who =
            ServerFile.read(file)
                .map(found -> "process %d at %s".formatted(found.pid(), found.address()))
                .orElse("a process that has just ended");
        return opened(running.get(), place, "The server has it open, " + who + ", and was asked");
      }
      return JournalControlPlane.openToRead(settings, clock)
          .map(plane -> opened(plane, place, "It can be read"))
          .orElseGet(
              () ->
                  new Opened(
                      Finding.ok(
                          Finding.Group.JOURNAL,
                          place,
                          "There is none yet, or its tables are of an earlier version: the next run or serve makes them."),
                      Optional.empty()));
    } catch (OperationException | FatalException e) {
      return new Opened(
          Finding.unreachable(Finding.Group.JOURNAL, place, KEY, e.getMessage()), Optional.empty());
    }
  }

  private static Opened opened(ControlPlane plane, String place, String how) {
    List<AlarmView> alarms = plane.alarms();
    Finding finding =
        alarms.isEmpty()
            ? Finding.ok(Finding.Group.JOURNAL, place, how + ".")
            : new Finding(
                Finding.Group.JOURNAL,
                place,
                Finding.Result.WARNING,
                "%s. Alarms are open ('caravan alarms'); the oldest: %s"
                    .formatted(how, alarms.get(0).sentence()),
                Optional.empty());
    return new Opened(finding, Optional.of(plane));
  }

  /** Whether it is a file of this machine. */
  static boolean isLocal(JournalConfig config) {
    return config.url().startsWith("jdbc:h2:file:");
  }
}
