package dev.caravan.endpoint.page;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.Outcome;
import dev.caravan.shared.page.PlainText;
import dev.caravan.shared.page.StateShape;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * A batch in words, as it stood when the page was made.
 *
 * @param reason why it ended, if that isn't said by its state
 */
public record BatchRow(
    int id,
    String name,
    String state,
    boolean finished,
    String owner,
    Instant accepted,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<String> application,
    Optional<String> reason) {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  static BatchRow of(Batch batch) {
    Optional<Outcome> outcome = batch.outcome();
    return new BatchRow(
        batch.record().id(),
        PlainText.of(batch.record().name().orElse("")),
        batch.state().wire(),
        batch.state().isFinished(),
        PlainText.of(batch.record().owner()),
        batch.record().acceptedAt(),
        batch.startedAt(),
        outcome.map(Outcome::endedAt),
        batch.applicationId().map(PlainText::of),
        outcome.map(Outcome::reason).map(PlainText::of));
  }

  /** What its state is drawn by. */
  StateShape shape() {
    return switch (state) {
      case "success" -> StateShape.SUCCEEDED;
      case "running" -> StateShape.RUNNING;
      case "starting" -> StateShape.WAITING;
      case "killed" -> StateShape.INTERRUPTED;
      default -> StateShape.FAILED;
    };
  }

  /** As a person reads it (UTC). */
  static String words(Instant at) {
    return SECONDS.format(at);
  }

  /** As a machine reads it. */
  static String iso(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
