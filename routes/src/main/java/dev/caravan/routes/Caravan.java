package dev.caravan.routes;

import dev.caravan.shared.settings.SettingsException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the orchestrator. */
@Command(
    name = "caravan",
    mixinStandardHelpOptions = true,
    description =
        "Runs Spark jobs on a Yandex Data Proc cluster that exists only while it is needed.",
    subcommands = {
      RunCommand.class,
      BackfillCommand.class,
      ServeCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      CancelCommand.class,
      LogsCommand.class,
      MigrateCommand.class
    })
public final class Caravan {
  private Caravan() {}

  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return Converters.register(new CommandLine(new Caravan()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              command.getErr().println("caravan: " + e.getMessage());
              return e instanceof SettingsException ? ExitCodes.USAGE : ExitCodes.RUN_FAILED;
            });
  }
}
