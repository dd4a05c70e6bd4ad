package dev.caravan.jobs.marts;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is computed on another thread before it is needed. A failure is not reported: whoever needs
 * the result computes it again, and so fails in its own name.
 */
final class Ahead<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

  private final CompletableFuture<Optional<T>> result;

  private Ahead(CompletableFuture<Optional<T>> result) {
    this.result = result;
  }

  static <T> Ahead<T> compute(Callable<T> work, Executor thread) {
    return new Ahead<>(CompletableFuture.supplyAsync(() -> result(work), thread));
  }

  private static <T> Optional<T> result(Callable<T> work) {
    try {
      return Optional.of(work.call());
    } catch (Exception e) {
      LOG.debug("not computed ahead", e);
      return Optional.empty();
    }
  }

  /** Waits for the result; empty if the computation failed. */
  Optional<T> get() {
    try {
      return result.join();
    } catch (CompletionException e) {
      return Optional.empty();
    }
  }
}
