package dev.caravan.routes.cli;

import java.util.List;

/** The commands that ask a control plane, or show the settings. */
public final class ClientCommands {
  /** In the order in which help lists them. */
  public static final List<String> NAMES =
      List.of(
          "status",
          "runs",
          "show",
          "peek",
          "cancel",
          "pipelines",
          "pause",
          "resume",
          "cluster",
          "sessions",
          "backfills",
          "alarms",
          "cost",
          "config",
          "journal");

  private ClientCommands() {}

  /**
   * Makes the command of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Object make(String name) {
    return switch (name) {
      case "status" -> new StatusCommand();
      case "runs" -> new RunsCommand();
      case "show" -> new ShowCommand();
      case "peek" -> new PeekCommand();
      case "cancel" -> new CancelCommand();
      case "pipelines" -> new PipelinesCommand();
      case "pause" -> new PauseCommand();
      case "resume" -> new ResumeCommand();
      case "cluster" -> new ClusterCommand();
      case "sessions" -> new SessionsCommand();
      case "backfills" -> new BackfillsCommand();
      case "alarms" -> new AlarmsCommand();
      case "cost" -> new CostCommand();
      case "config" -> new ConfigCommand();
      case "journal" -> new JournalCommand();
      default -> throw new IllegalArgumentException("There is no command " + name + ".");
    };
  }
}
