package dev.caravan.jobs;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the storages of an application: the first request to S3 takes a second, most of it
 * for classes to be loaded, which is as long as Spark needs to start.
 */
final class StorageConnections {
  private static final Logger LOG = LoggerFactory.getLogger(StorageConnections.class);

  private StorageConnections() {}

  /** Begins to connect, on another thread. Why that fails, the first who reads will say. */
  static void open(SparkConf conf, Arguments arguments) {
    if (SparkSession.getDefaultSession().isDefined()) {
      // Spark has started, and its storages may be set otherwise: who connects first decides.
      return;
    }
    Collection<Path> paths = new LinkedHashSet<>(Arrays.asList(arguments.src(), arguments.tgt()));
    arguments.coords().ifPresent(paths::add);
    Thread thread = new Thread(() -> connect(conf, paths), "storage-connections");
    thread.setDaemon(true);
    thread.start();
  }

  private static void connect(SparkConf conf, Collection<Path> paths) {
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(conf);
    for (Path path : paths) {
      try {
        path.getFileSystem(hadoop).exists(path);
      } catch (IOException | RuntimeException | LinkageError e) {
        LOG.debug("can't look at {}", path, e);
      }
    }
  }
}
