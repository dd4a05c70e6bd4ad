package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.Strike.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Numbers the messages of all proxies of one run from 1, in the order in which they arrive, and
 * strikes at one of them. For use by many threads: no message is numbered and none of the struck
 * kind passes while a strike is going on.
 *
 * <p>The proxies see bytes, not protocols. A message is what a client sends on one connection until
 * the server sends something: one request in HTTP/1.1 (endpoint, S3). The cloud's lines carry gRPC
 * in TLS, so parts of the TLS handshake and the client's HTTP/2 pings and window updates that the
 * server answers count as messages, too, and the first bytes of an answer may be such a frame. Two
 * calls at the same time on one HTTP/2 connection can count as one. A journal on PostgreSQL has a
 * message for each statement, or each batch of them, that is answered; one in a file has none.
 * Polls make the number differ a little from one run to the next.
 */
final class MessageCounter {

  /**
   * A message that arrived.
   *
   * @param request its first line if it is HTTP/1.1; else empty
   */
  record Message(int number, Line line, String request, Instant at) {}

  /** What is done at a message; returns whether the bytes at hand still pass. */
  interface Action extends Predicate<Message> {}

  private final List<Message> messages = new ArrayList<>();
  private Optional<Strike> armed = Optional.empty();
  private Action action = message -> true;
  private Optional<Message> struck = Optional.empty();

  /**
   * Strikes once, at the message with this number, or, if that has passed already, at the next one.
   */
  synchronized void arm(Strike strike, Action with) {
    armed = Optional.of(strike);
    action = with;
    struck = Optional.empty();
  }

  /**
   * Forgets a strike that has not come; the message at which it came if it has, which is forgotten
   * then.
   */
  synchronized Optional<Message> disarm() {
    armed = Optional.empty();
    Optional<Message> came = struck;
    struck = Optional.empty();
    return came;
  }

  /** At which message the strike came; empty while it hasn't. */
  synchronized Optional<Message> struck() {
    return struck;
  }

  synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /**
   * Numbers a message. The journal's have no number before the first on another line: until then
   * the orchestrator makes its tables and has no run to lose.
   */
  synchronized Optional<Message> arrived(Line line, String request) {
    if (line == Line.ORCHESTRATOR_TO_JOURNAL && messages.isEmpty()) {
      return Optional.empty();
    }
    Message message = new Message(messages.size() + 1, line, request, Instant.now());
    messages.add(message);
    return Optional.of(message);
  }

  /** Whether the strike that is awaited comes at this place of this message. */
  synchronized boolean isAt(Message message, Place place) {
    return armed
        .filter(strike -> strike.place() == place && strike.message() <= message.number())
        .isPresent();
  }

  /** Strikes if it is time to; returns whether the bytes at hand pass. */
  synchronized boolean pass(Message message, Place place) {
    if (!isAt(message, place)) {
      return true;
    }
    armed = Optional.empty();
    boolean passes = action.test(message);
    struck = Optional.of(message);
    return passes;
  }
}
