package dev.caravan.jobs.work;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSupport;
import org.apache.hadoop.fs.statistics.StoreStatisticNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that this process has sent to the storages of some paths; on a cluster these are the
 * driver's alone: listings, commits, deletions.
 */
final class StorageRequests {
  private static final Logger LOG = LoggerFactory.getLogger(StorageRequests.class);

  private final Set<FileSystem> storages = Collections.newSetFromMap(new IdentityHashMap<>());
  private long before;

  /** Counts from now on. A storage that can't be opened is not counted: its job will say so. */
  StorageRequests(Configuration conf, Iterable<Path> paths) {
    for (Path path : paths) {
      try {
        storages.add(path.getFileSystem(conf));
      } catch (IOException | RuntimeException e) {
        LOG.debug("requests to {} are not counted", path, e);
      }
    }
    before = sent().orElse(0);
  }

  /** How many were sent since the last call; empty where the storages don't count. */
  OptionalLong sinceLast() {
    OptionalLong now = sent();
    long last = before;
    now.ifPresent(count -> before = count);
    return now.isPresent() ? OptionalLong.of(now.getAsLong() - last) : now;
  }

  private OptionalLong sent() {
    long sum = 0;
    boolean counted = false;
    for (FileSystem storage : storages) {
      IOStatistics statistics = IOStatisticsSupport.retrieveIOStatistics(storage);
      Long requests =
          statistics == null
              ? null
              : statistics.counters().get(StoreStatisticNames.STORE_IO_REQUEST);
      if (requests != null) {
        counted = true;
        sum += requests;
      }
    }
    return counted ? OptionalLong.of(sum) : OptionalLong.empty();
  }
}
