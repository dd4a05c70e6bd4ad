package dev.caravan.processors.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The answers to actions that came with an idempotency key, kept for a week. What was being done
 * when a process died may be done again: each action leaves what it finds done as it is. For use by
 * many threads.
 */
public final class ApiRequests {
  private static final Duration KEPT = Duration.ofDays(7);

  /** An action that takes longer has died with its process. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Transactions transactions;

  ApiRequests(Transactions transactions) {
    this.transactions = transactions;
  }

  /** What is to be done with an action. */
  public sealed interface Verdict {
    /** Do it, and then write how it was answered. */
    record Perform() implements Verdict {}

    /** Answer as the first time. */
    record Replay(int status, String answer) implements Verdict {}

    /** It is being done at this moment. */
    record UnderWay() implements Verdict {}

    /** The key was used for something else, or by somebody else. */
    record OtherRequest() implements Verdict {}
  }

  private record Row(
      String fingerprint, Instant askedAt, Optional<Integer> status, String answer) {}

  /**
   * Looks the key up; if the action is to be performed, nobody else is told so meanwhile.
   *
   * @param fingerprint of what is asked, 64 characters at most
   * @param by who asks for it
   */
  public Verdict begin(String key, String fingerprint, String by) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          Optional<Row> known = lock(transaction.handle, key);
          Instant now = transaction.now();
          if (known.isEmpty()) {
            transaction.handle.execute(
                "delete from api_request where asked_at < ?", now.minus(KEPT));
            transaction.handle.execute(
                "insert into api_request (idempotency_key, fingerprint, asked_by, asked_at) values (?, ?, ?, ?)",
                key,
                fingerprint,
                by,
                now);
            return new Verdict.Perform();
          }
          Row row = known.get();
          if (!row.fingerprint().equals(fingerprint)) {
            return new Verdict.OtherRequest();
          }
          if (row.status().isPresent()) {
            return new Verdict.Replay(row.status().get(), row.answer());
          }
          if (row.askedAt().plus(LONGEST).isAfter(now)) {
            return new Verdict.UnderWay();
          }
          transaction.handle.execute(
              "update api_request set asked_at = ? where idempotency_key = ?", now, key);
          return new Verdict.Perform();
        });
  }

  private static Optional<Row> lock(Handle handle, String key) {
    return handle
        .createQuery(
            "select fingerprint, asked_at, status, answer from api_request where idempotency_key = ? for update")
        .bind(0, key)
        .map(
            (row, context) ->
                new Row(
                    row.getString("fingerprint"),
                    row.getTimestamp("asked_at").toInstant(),
                    Optional.ofNullable(row.getObject("status", Integer.class)),
                    Optional.ofNullable(row.getString("answer")).orElse("")))
        .findOne();
  }

  /** Writes how the action was answered. */
  public void answered(String key, int status, String answer) {
    transactions.change(
        transaction ->
            transaction.handle.execute(
                "update api_request set status = ?, answer = ? where idempotency_key = ?",
                status,
                answer,
                key));
  }

  /** The action was not done, and may be asked for again under the same key. */
  public void failed(String key) {
    transactions.change(
        transaction ->
            transaction.handle.execute(
                "delete from api_request where idempotency_key = ? and status is null", key));
  }
}
