package dev.caravan.endpoint.shipping;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchListener;
import dev.caravan.endpoint.settings.ShippingSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that ships logs: each log every interval, and at once when its batch ends. Only the
 * shutdown waits for it, for a bounded time. During an S3 outage it retries at increasing intervals
 * and logs this once. It retries a log until it is complete or its batch is deleted.
 */
public final class LogShipper implements BatchListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogShipper.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration FLUSH = Duration.ofSeconds(8);

  private final LogStore store;
  private final Duration interval;
  private final Queue<Batch> fresh = new ConcurrentLinkedQueue<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "log-shipper");
  private final Outage outage;
  private volatile boolean stopping;

  // Belongs to the thread.
  private final Map<Integer, Shipment> shipments = new LinkedHashMap<>();

  /**
   * One that ships to S3; call {@link #begin} when the batches of the registry have their states.
   */
  public static LogShipper toS3(ShippingSettings settings, Clock clock) {
    return new LogShipper(new S3LogStore(settings, clock), settings.interval(), clock);
  }

  LogShipper(LogStore store, Duration interval, Clock clock) {
    this.store = store;
    this.interval = interval;
    this.outage = new Outage(clock);
    thread.setDaemon(true);
  }

  /** Begins with what an earlier endpoint didn't finish. */
  public void begin(List<Batch> batches) {
    fresh.addAll(batches);
    thread.start();
  }

  @Override
  public void accepted(Batch batch) {
    fresh.add(batch);
  }

  @Override
  public void ended(Batch batch) {
    wake.release();
  }

  private void run() {
    Duration pause = Duration.ZERO;
    try {
      boolean last = false;
      while (!last) {
        if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
        last = stopping;
        pause = ship() ? interval : longer(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration longer(Duration pause) {
    Duration twice = pause.compareTo(interval) < 0 ? interval : pause.multipliedBy(2);
    Duration longest = interval.compareTo(LONGEST_PAUSE) > 0 ? interval : LONGEST_PAUSE;
    return twice.compareTo(longest) > 0 ? longest : twice;
  }

  /** One look at all logs; whether S3 took any of what there was. */
  private boolean ship() {
    takeIn();
    int good = 0;
    int bad = 0;
    for (Shipment shipment : mostUrgentFirst()) {
      try {
        good += ship(shipment) ? 1 : 0;
      } catch (LogStoreException e) {
        bad++;
        outage.failed(e, shipments.size());
        if (!e.answered()) {
          break; // the others would only wait as long
        }
      } catch (IOException | RuntimeException e) {
        LOG.error(
            "The log of batch {} can't be shipped now; the next try follows.",
            shipment.batch().record().id(),
            e);
      }
    }
    if (good > 0 && bad == 0) {
      outage.over();
    }
    return good > 0 || !outage.isOn();
  }

  private boolean ship(Shipment shipment) throws LogStoreException, IOException {
    int id = shipment.batch().record().id();
    if (shipment.isForgotten()) {
      LOG.error(
          "Batch {} was forgotten (endpoint.keep-finished) before its log was complete in S3.", id);
      shipments.remove(id);
      return false;
    }
    boolean called = shipment.ship(store);
    if (shipment.isComplete()) {
      shipments.remove(id);
    }
    return called;
  }

  private void takeIn() {
    for (Batch batch = fresh.poll(); batch != null; batch = fresh.poll()) {
      Batch taken = batch;
      taken
          .record()
          .logAddress()
          .filter(address -> !Shipment.isShipped(taken))
          .ifPresent(address -> shipments.put(taken.record().id(), new Shipment(taken, address)));
    }
  }

  /** Ended ones before living ones: the cluster may be stopped any moment. */
  private List<Shipment> mostUrgentFirst() {
    List<Shipment> all = new ArrayList<>(shipments.values());
    Map<Boolean, List<Shipment>> byEnd =
        all.stream().collect(Collectors.partitioningBy(each -> each.batch().state().isFinished()));
    all.clear();
    all.addAll(byEnd.get(true));
    all.addAll(byEnd.get(false));
    return all;
  }

  /** Ships what there is once more, within {@link #FLUSH}; the next start goes on from there. */
  @Override
  public void close() {
    stopping = true;
    wake.release();
    try {
      thread.join(FLUSH.toMillis());
      if (thread.isAlive()) {
        LOG.warn("Not all logs are in S3 yet; the endpoint's next start goes on with them.");
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
