package dev.caravan.processors.journal;

import dev.caravan.shared.Sha256;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The definitions that runs keep, as texts: what a run does doesn't change under an edit of its
 * pipeline. For use by many threads.
 */
public final class Definitions {
  private final Transactions transactions;

  Definitions(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Lets the run keep this definition, unless it has one already.
   *
   * @return the one that it has from here on
   */
  public String keep(Run run, String content) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          transaction.requireClaim(run);
          Optional<String> kept = find(transaction.handle, run.id());
          if (kept.isEmpty()) {
            insert(transaction.handle, run.id(), content);
          }
          return kept.orElse(content);
        });
  }

  /** The one that the run keeps; empty for a run that has not begun yet, or is of before. */
  public Optional<String> of(Run run) {
    return transactions.read(handle -> find(handle, run.id()));
  }

  private static Optional<String> find(Handle handle, String runId) {
    return handle
        .createQuery(
            "select d.content from definition d join run r on r.definition_hash = d.hash where r.id = ?")
        .bind(0, runId)
        .mapTo(String.class)
        .findOne();
  }

  /** Each definition is kept once, however many runs have it. */
  private static void insert(Handle handle, String runId, String content) {
    String hash = Sha256.hex(content);
    boolean known =
        handle
            .createQuery("select hash from definition where hash = ?")
            .bind(0, hash)
            .mapTo(String.class)
            .findOne()
            .isPresent();
    if (!known) {
      handle.execute("insert into definition (hash, content) values (?, ?)", hash, content);
    }
    handle.execute("update run set definition_hash = ? where id = ?", hash, runId);
  }
}
