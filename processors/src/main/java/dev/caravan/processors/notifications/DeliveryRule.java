package dev.caravan.processors.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/** What becomes of a message after a try to deliver it. */
public final class DeliveryRule {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  /** How long a message is tried. */
  private static final Duration ALARM_LIVES = Duration.ofHours(24);

  /** A monitor that hears of a run's end much later has raised its own alarm meanwhile. */
  private static final Duration PING_LIVES = Duration.ofHours(1);

  /** A body that is refused will be refused again. */
  private static final Set<Integer> REFUSED_FOR_GOOD = Set.of(400, 413, 422);

  private static final ObjectMapper JSON = new ObjectMapper();

  private DeliveryRule() {}

  /**
   * How a try went.
   *
   * @param status the HTTP status; empty: there was no answer, or it was mail
   * @param error in words, for no answer
   * @param retryAfter of the answer's header
   * @param body the beginning of the answer's
   */
  public record Answer(
      Optional<Integer> status, Optional<String> error, Optional<String> retryAfter, String body) {

    boolean isDelivered() {
      return error.isEmpty() && status.filter(code -> code / 100 != 2).isEmpty();
    }

    /** What the other side said, or why it said nothing; may quote secrets. */
    public String words() {
      return error.orElseGet(
          () -> "it answered " + status.orElse(0) + (body.isBlank() ? "" : ": " + body.strip()));
    }
  }

  /** What is done next. */
  public enum Next {
    SENT,
    RETRY,
    /** At once, without formatting. */
    RETRY_PLAIN,
    /** And nothing else is sent to the target meanwhile. */
    HOLD,
    GIVE_UP
  }

  /**
   * The decision.
   *
   * @param delay until the next try; zero if there is none
   */
  public record Verdict(Next next, Duration delay) {}

  /**
   * Decides.
   *
   * @param attempts how often it was tried, 1 or more
   * @param age since the message was written
   * @param plain whether it was sent without formatting
   */
  public static Verdict decide(
      TargetForm form, Answer answer, int attempts, Duration age, boolean plain, Instant now) {
    if (answer.isDelivered()) {
      return new Verdict(Next.SENT, Duration.ZERO);
    }
    int status = answer.status().orElse(0);
    if (status == 400 && form == TargetForm.TELEGRAM && !plain) {
      return new Verdict(Next.RETRY_PLAIN, Duration.ZERO);
    }
    if (REFUSED_FOR_GOOD.contains(status)) {
      return new Verdict(Next.GIVE_UP, Duration.ZERO);
    }
    Duration pause = asked(answer, now).orElse(pause(attempts));
    Duration lives = form == TargetForm.PING ? PING_LIVES : ALARM_LIVES;
    if (age.plus(pause).compareTo(lives) > 0) {
      return new Verdict(Next.GIVE_UP, Duration.ZERO);
    }
    return new Verdict(status == 429 ? Next.HOLD : Next.RETRY, pause);
  }

  /** Twice as long each time, up to a bound. */
  public static Duration pause(int attempts) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 20));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** What the target asks for: Telegram in the body, others in the header, as seconds or a date. */
  private static Optional<Duration> asked(Answer answer, Instant now) {
    return telegram(answer.body()).or(() -> answer.retryAfter().flatMap(text -> header(text, now)));
  }

  private static Optional<Duration> telegram(String body) {
    try {
      int seconds = JSON.readTree(body).path("parameters").path("retry_after").asInt(-1);
      return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> header(String text, Instant now) {
    try {
      if (text.strip().matches("\\d{1,6}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
      }
      Instant until =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(now, until)).filter(wait -> !wait.isNegative());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
