package dev.caravan.routes.cli;

import dev.caravan.processors.journal.JournalBackup;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JournalBackupView;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.FatalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Backups of the journal. */
@Command(
    name = "journal",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "backup|verify|restore",
    description = "Makes a backup of the journal, checks one, or makes the journal from one.",
    subcommands = {
      JournalCommand.Backup.class,
      JournalCommand.Verify.class,
      JournalCommand.Restore.class
    })
final class JournalCommand {

  private static Path readable(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new FatalException("There is no backup " + file + " that can be read.");
    }
    return file;
  }

  private static void report(Report report, JournalBackup backup, String done) {
    JournalBackupView view = JournalBackupView.of(backup);
    report.one(
        view,
        Columns.BACKUPS,
        () -> "%s: %d rows, of %s%n".formatted(done, view.rows(), view.at()));
  }

  /** Makes one. */
  @Command(
      name = "backup",
      mixinStandardHelpOptions = true,
      description = {
        "Makes a backup of the journal in caravan.journal.backups, while runs go on, and prints its path.",
        "Keeps the newest caravan.journal.backups-kept. A server makes it on its own machine."
      })
  static final class Backup extends ClientCommand {
    @Mixin private AskerOptions asker = new AskerOptions();

    @Override
    int call(ControlPlane plane, Report report) {
      JournalBackupView made = plane.backupJournal(asker.asker());
      report.one(made, Columns.BACKUPS, () -> made.file() + "\n");
      return ExitCodes.OK;
    }
  }

  /** Checks one. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Checks that a backup is whole, by making a journal in memory from it.")
  static final class Verify implements Callable<Integer> {
    @Mixin private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", description = "the backup")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      JournalCommand.report(
          output.report(), JournalBackup.verify(readable(file)), "the backup is whole");
      return ExitCodes.OK;
    }
  }

  /** Makes the journal from one. */
  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = {
        "Makes the journal at caravan.journal.url from a backup. There must be none yet: move a damaged one away first.",
        "The backup may come from the other kind of database, and from an earlier version. Stop the server before."
      })
  static final class Restore implements Callable<Integer> {
    @Mixin private SettingsOptions settings = new SettingsOptions();
    @Mixin private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", description = "the backup")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      Settings read = settings.read();
      JournalCommand.report(
          output.report(),
          JournalBackup.restore(readable(file), read.journal()),
          "restored to " + read.journal().place());
      return ExitCodes.OK;
    }
  }
}
