package dev.caravan.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedVertxTest {
  private final BoundedVertx bounded =
      new BoundedVertx(Duration.ofSeconds(10), ErrorFormat.MESSAGE);
  private final Vertx vertx = bounded.vertx();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    bounded.close();
  }

  @Test
  void oneCallerWhoWaitsForEachAnswerTakesFewThreads() throws Exception {
    for (int i = 0; i < 200; i++) {
      work(new CountDownLatch(0)).get(10, TimeUnit.SECONDS);
    }
    // One would do; a thread that has just answered may not wait again yet. A fixed pool has 24.
    assertThat(threads).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void whatFindsAllThreadsBusyWaitsAndIsDoneThen() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<CompletableFuture<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      tasks.add(work(go));
    }
    await().until(() -> threads.size() == 24);
    assertThat(tasks).noneMatch(CompletableFuture::isDone);

    go.countDown();
    for (CompletableFuture<Boolean> task : tasks) {
      task.get(10, TimeUnit.SECONDS);
    }
    assertThat(threads).hasSize(24);
  }

  private CompletableFuture<Boolean> work(CountDownLatch until) {
    return vertx
        .executeBlocking(
            () -> {
              threads.add(Thread.currentThread().getName());
              return until.await(30, TimeUnit.SECONDS);
            },
            false)
        .toCompletionStage()
        .toCompletableFuture();
  }
}
