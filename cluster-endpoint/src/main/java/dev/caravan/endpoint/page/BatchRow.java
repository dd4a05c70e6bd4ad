package dev.caravan.endpoint.page;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.Outcome;
import dev.caravan.shared.page.PlainText;
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

  /** The class of the style's colours. */
  String style() {
    return switch (state) {
      case "success" -> "s-succeeded";
      case "running" -> "s-running";
      case "starting" -> "s-waiting";
      case "killed" -> "s-interrupted";
      default -> "s-failed";
    };
  }

  /** What its state is drawn by, in SVG of 16 by 16, so that it is told without its colour. */
  String shape() {
    return switch (state) {
      case "success" ->
          "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 11.6 3.4 8l1.3-1.3L7 9l4.3-4.3L12.6 6z";
      case "running" -> "M3 1l12 7-12 7z";
      case "starting" -> "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3z";
      case "killed" -> "M2.5 2h4v12h-4zM9.5 2h4v12h-4z";
      default -> "M1 1h14v14H1z";
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
