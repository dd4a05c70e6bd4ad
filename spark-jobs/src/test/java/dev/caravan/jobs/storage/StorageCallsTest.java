package dev.caravan.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StorageCallsTest {
  private static final List<Integer> MANY = IntStream.range(0, 100).boxed().toList();

  @Test
  void answersStandInTheOrderOfTheCallsThatOverlap() throws IOException {
    CountDownLatch together = new CountDownLatch(2);
    assertThat(
            StorageCalls.each(
                MANY,
                one -> {
                  together.countDown();
                  await(together);
                  return -one;
                }))
        .isEqualTo(MANY.stream().map(one -> -one).toList());
    assertThat(StorageCalls.each(List.of(), one -> one)).isEmpty();
  }

  @Test
  void theFirstFailureEndsItAndNothingGoesOn() {
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean lateEnded = new AtomicBoolean();
    CountDownLatch late = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                StorageCalls.each(
                    MANY,
                    one -> {
                      begun.incrementAndGet();
                      if (one == 0) {
                        await(late);
                        throw new FileNotFoundException("gone");
                      }
                      late.countDown();
                      sleepUntilInterrupted();
                      lateEnded.set(true);
                      return one;
                    }))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("gone");
    assertThat(begun.get()).isLessThan(MANY.size());
    assertThat(lateEnded).isTrue();
  }

  @Test
  void anErrorComesThroughAsItIs() {
    assertThatThrownBy(
            () ->
                StorageCalls.each(
                    MANY,
                    one -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void sleepUntilInterrupted() {
    try {
      assertThat(new CountDownLatch(1).await(30, TimeUnit.SECONDS)).isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
