package dev.caravan.processors.notifications;

import dev.caravan.processors.journal.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a person is told of one alarm, in words.
 *
 * @param cleared whether it is over
 * @param link where more is to be seen: an address or a command
 */
public record AlarmMessage(Alarm alarm, boolean cleared, Optional<String> link) {
  private static final int LONGEST_DETAIL = 1200;

  /** The page of its run, or else the command that shows it. */
  public static AlarmMessage of(Alarm alarm, boolean cleared, Optional<String> server) {
    return new AlarmMessage(
        alarm,
        cleared,
        alarm
            .runId()
            .map(
                run ->
                    server
                        .map(address -> address + "/page/runs/" + run)
                        .orElse("caravan show " + run)));
  }

  /** One line. */
  String title() {
    String subject = alarm.subject();
    return switch (alarm.kind()) {
      case RUN_FAILED ->
          cleared ? "Recovered: " + words(subject) + " has succeeded" : words(subject) + " failed";
      case RUN_LATE -> cleared ? "Over: " + subject + " has begun" : subject + " is late";
      case BUDGET_WARNING ->
          cleared
              ? "Over: the budget of " + words(subject)
              : "The budget of " + words(subject) + " is nearly used up";
      case BUDGET_EXCEEDED ->
          cleared
              ? "Over: the budget of " + words(subject)
              : "The budget of " + words(subject) + " is used up";
      case RUN_OVERDUE ->
          cleared
              ? "Recovered: " + words(subject) + " has succeeded"
              : words(subject) + " is overdue";
      case RUN_TAKEN_OVER ->
          cleared
              ? "Over: run " + subject + " has ended"
              : "Run " + subject + " was taken over by another orchestrator";
      case BROKEN_DEFINITION ->
          cleared
              ? "Recovered: " + subject + " is in order"
              : "The pipeline file " + subject + " is broken";
      case STOP_REFUSED, STOP_FAILED ->
          cleared
              ? "Recovered: cluster " + subject + " is stopped"
              : "Cluster " + subject + " may still be running";
      case RUNNING_UNUSED ->
          cleared
              ? "Over: cluster " + subject + " is used, or stopped"
              : "Cluster " + subject + " is up, and nobody uses it";
      case LEFT_RUNNING ->
          cleared
              ? "Recovered: cluster " + subject + " is stopped"
              : "Cluster " + subject + " is left running";
    };
  }

  /** The pipeline, a space, and the date. */
  private static String words(String pipelineAndDate) {
    return pipelineAndDate.replace('/', ' ');
  }

  /** What happened, in the other side's words; empty text for what is over. */
  String detail() {
    String detail = cleared ? "" : alarm.detail().strip();
    return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "...";
  }

  /** What it means, and what to do; empty text for what is over. */
  String advice() {
    if (cleared) {
      return "";
    }
    return switch (alarm.kind()) {
      case RUN_FAILED ->
          "The data of this date is missing or incomplete. Correct the cause, then repair it: "
              + repair(alarm.subject());
      case RUN_LATE ->
          "Its data will be late. See what its cluster is doing, and whether the cluster can start.";
      case BUDGET_WARNING ->
          "See what it is spent on: caravan cost --runs. Once it is used up, no date is caught up and backfills are held; scheduled runs go on.";
      case BUDGET_EXCEEDED ->
          "Until the end of the month no date is caught up and backfills are held; scheduled runs, and those by hand, go on. Raise the budget in the pipeline's file if that is wanted, and resume the backfills.";
      case RUN_OVERDUE ->
          "Whoever waits for the data of this date doesn't have it. See what keeps its run: it fails, waits for its cluster, takes longer than usual, or was skipped.";
      case RUN_TAKEN_OVER ->
          "This orchestrator was cut off from the journal; the other one goes on with the run. Check its machine and the database.";
      case BROKEN_DEFINITION -> "Its last good version stays in use. Correct the file.";
      case STOP_REFUSED ->
          "It costs money. Caravan tries again; stop it in the console if this isn't over soon.";
      case STOP_FAILED -> "It costs money until somebody stops it. Stop it in the console now.";
      case RUNNING_UNUSED ->
          "It costs money, and Caravan didn't start it. Ask who did, then stop it in the console.";
      case LEFT_RUNNING ->
          "It costs money until somebody stops it. Ask those who use it, then stop it in the console.";
    };
  }

  private static String repair(String pipelineAndDate) {
    int slash = pipelineAndDate.indexOf('/');
    return "caravan run --pipeline %s --only-failed --date %s"
        .formatted(
            pipelineAndDate.substring(0, Math.max(slash, 0)), pipelineAndDate.substring(slash + 1));
  }

  /** As plain text. */
  String text() {
    StringBuilder text = new StringBuilder(title());
    lines().forEach(line -> text.append('\n').append(line));
    return text.toString();
  }

  /** What follows the title. */
  List<String> lines() {
    return java.util.stream.Stream.of(detail(), lasted(), advice(), link.orElse(""))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private String lasted() {
    Instant until = alarm.clearedAt().orElse(alarm.raisedAt());
    Duration time = Duration.between(alarm.raisedAt(), until);
    return cleared
        ? "It lasted %d h %02d min.".formatted(time.toHours(), time.toMinutesPart())
        : "";
  }

  boolean isSevere() {
    return switch (alarm.kind()) {
      case RUN_LATE, LEFT_RUNNING, RUNNING_UNUSED, BUDGET_WARNING -> false;
      default -> true;
    };
  }

  /** The pipeline that it is about; empty for a cluster's. */
  Optional<String> pipeline() {
    return switch (alarm.kind()) {
      case BUDGET_WARNING, BUDGET_EXCEEDED -> Optional.of(alarm.subject().split("/", -1)[0]);
      default -> alarm.runId().map(run -> run.split("/", -1)[0]);
    };
  }

  /** The logical date that it is about. */
  Optional<String> date() {
    return alarm.runId().map(run -> run.split("/", -1)).filter(p -> p.length > 1).map(p -> p[1]);
  }
}
