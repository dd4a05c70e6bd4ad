package dev.caravan.routes.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Does looks side by side, and waits for none longer than the limit. For one thread. */
final class Looks implements AutoCloseable {
  private static final int THREADS = 8;

  private final Duration limit;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "check");
            // One that hangs must not keep the process.
            thread.setDaemon(true);
            return thread;
          });

  Looks(Duration limit) {
    this.limit = limit;
  }

  /** What they have found, in their order. */
  List<Finding> at(List<Look> looks) throws InterruptedException {
    List<Future<List<Finding>>> done =
        threads.invokeAll(
            looks.stream().map(Look::look).toList(), limit.toMillis(), TimeUnit.MILLISECONDS);
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < looks.size(); i++) {
      findings.addAll(result(looks.get(i), done.get(i)));
    }
    return findings;
  }

  private List<Finding> result(Look look, Future<List<Finding>> done) throws InterruptedException {
    try {
      return done.get();
    } catch (CancellationException e) {
      return List.of(
          Finding.unreachable(
              look.group(),
              look.subject(),
              look.key(),
              "It gave no answer within %d s.".formatted(limit.toSeconds())));
    } catch (ExecutionException e) {
      return List.of(Finding.failed(look.group(), look.subject(), look.key(), e.getCause()));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
