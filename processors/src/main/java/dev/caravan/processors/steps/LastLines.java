package dev.caravan.processors.steps;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.LogPage;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a failed batch's log. It goes into our own log as well: the cluster is stopped next,
 * and a stock Livy's logs go with it.
 */
final class LastLines {
  private static final Logger LOG = LoggerFactory.getLogger(LastLines.class);
  private static final int MOST = 100;

  private LastLines() {}

  /** The last hundred lines, or what the batch itself shows if its log can't be read. */
  static List<String> of(BatchClient batches, URI endpoint, Batch batch) {
    try {
      Optional<LogPage> page = batches.log(endpoint, batch.id(), -1, MOST);
      if (page.isPresent()) {
        LOG.warn(
            "The end of the log of batch {}, {}:\n{}",
            batch.id(),
            extent(page.get(), batches.isStockLivy(endpoint)),
            String.join("\n", page.get().lines()));
        return page.get().lines();
      }
    } catch (RetryableException | FatalException e) {
      LOG.warn("The log of batch {} could not be read: {}", batch.id(), e.getMessage());
    }
    return batch.log();
  }

  /** Which lines these are, and what is lost. */
  static String extent(LogPage page, boolean stockLivy) {
    String lines =
        "lines %d to %d of %d"
            .formatted(page.from() + 1, page.from() + page.lines().size(), page.total());
    return stockLivy
        ? lines
            + " kept (a stock Livy keeps the last 200, or livy.cache-log.size; any before them are lost)"
        : lines;
  }
}
