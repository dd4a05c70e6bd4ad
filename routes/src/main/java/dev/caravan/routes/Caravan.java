package dev.caravan.routes;

import dev.caravan.routes.cli.CheckCommand;
import dev.caravan.routes.cli.ClientCommands;
import dev.caravan.routes.cli.Converters;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.SignalHook;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.settings.SettingsException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the orchestrator. */
@Command(
    name = "caravan",
    mixinStandardHelpOptions = true,
    description =
        "Runs Spark jobs on a Yandex Data Proc cluster that exists only while it is needed.")
public final class Caravan {
  private static final List<String> COMMANDS =
      Stream.of(
              List.of("run", "backfill", "serve"),
              ClientCommands.NAMES,
              List.of("logs", "check", "migrate", "completion"))
          .flatMap(List::stream)
          .toList();

  private Caravan() {}

  /**
   * Not by references to constructors, which would load the classes of all, and Camel with them.
   */
  private static Object command(String name) {
    return switch (name) {
      case "run" -> new RunCommand();
      case "backfill" -> new BackfillCommand();
      case "serve" -> new ServeCommand();
      case "logs" -> new LogsCommand();
      case "check" -> new CheckCommand(CaravanApplication::checkRoutes);
      case "migrate" -> new MigrateCommand();
      case "completion" -> new AutoComplete.GenerateCompletion();
      default -> ClientCommands.make(name);
    };
  }

  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    boolean alone = args.length > 0 && COMMANDS.contains(args[0]) && !args[0].equals("completion");
    CommandLine line = alone ? commandLine(args[0]) : commandLine();
    System.exit(line.execute(args));
  }

  /** With all commands. */
  static CommandLine commandLine() {
    return commandLine(COMMANDS.toArray(String[]::new));
  }

  /** With these alone. */
  static CommandLine commandLine(String... names) {
    CommandLine line = new CommandLine(new Caravan());
    for (String name : names) {
      line.addSubcommand(name, command(name));
    }
    for (String name : List.of("show", "peek")) {
      // A date such as -3d.
      Optional.ofNullable(line.getSubcommands().get(name))
          .ifPresent(command -> command.setUnmatchedOptionsArePositionalParams(true));
    }
    return Converters.register(line)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              // A journal that was closed under a command is no news to who ended it.
              if (!SignalHook.isProcessEnding()) {
                command.getErr().println("caravan: " + e.getMessage());
              }
              return exitCode(e);
            });
  }

  private static int exitCode(Exception e) {
    if (e instanceof OperationException refused) {
      return switch (refused.reason()) {
        case INVALID -> ExitCodes.USAGE;
        case NOT_FOUND, CONFLICT -> ExitCodes.FAILED;
        case UNAVAILABLE -> ExitCodes.UNAVAILABLE;
      };
    }
    if (e instanceof SettingsException) {
      return ExitCodes.USAGE;
    }
    return e instanceof RetryableException ? ExitCodes.UNAVAILABLE : ExitCodes.FAILED;
  }
}
