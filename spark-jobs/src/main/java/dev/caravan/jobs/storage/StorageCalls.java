package dev.caravan.jobs.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same call for many paths, several at a time. */
public final class StorageCalls {
  private static final Logger LOG = LoggerFactory.getLogger(StorageCalls.class);
  private static final int AT_A_TIME = 16;
  private static final long BOUND_SECONDS = 60;

  private StorageCalls() {}

  /** One call to the storage. */
  @FunctionalInterface
  public interface Call<T, R> {
    /** Calls for one of them. */
    R on(T one) throws IOException;
  }

  /**
   * The answers, in the order of {@code all}.
   *
   * @throws IOException the first failure; calls that have not begun by then are not made, and none
   *     goes on behind the caller's back
   */
  public static <T, R> List<R> each(Collection<T> all, Call<T, R> call) throws IOException {
    if (all.isEmpty()) {
      return new ArrayList<>();
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_A_TIME, all.size()));
    try {
      List<Future<R>> calls = new ArrayList<>();
      for (T one : all) {
        calls.add(threads.submit(() -> call.on(one)));
      }
      List<R> answers = new ArrayList<>();
      for (Future<R> each : calls) {
        answers.add(each.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the storage", e);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } finally {
      end(threads);
    }
  }

  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(BOUND_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("calls to the storage are still running after {} seconds", BOUND_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static IOException unwrapped(Throwable cause) {
    if (cause instanceof RuntimeException) {
      throw (RuntimeException) cause;
    }
    if (cause instanceof Error) {
      throw (Error) cause;
    }
    return cause instanceof IOException ? (IOException) cause : new IOException(cause);
  }
}
