package dev.caravan.jobs;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of Spark's event log, where one is asked for: Spark doesn't start if it isn't
 * there, and in S3 it never is before something lies in it.
 */
final class EventLogDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(EventLogDirectory.class);

  private EventLogDirectory() {}

  /** Makes it, if need be. Why that fails, Spark will say when it misses the directory. */
  static void make(SparkConf conf) {
    if (conf.getBoolean("spark.eventLog.enabled", false) && conf.contains("spark.eventLog.dir")) {
      Path directory = new Path(conf.get("spark.eventLog.dir"));
      try {
        directory.getFileSystem(SparkHadoopUtil.get().newConfiguration(conf)).mkdirs(directory);
      } catch (IOException | RuntimeException e) {
        LOG.warn("can't create the directory for the event log, {}", directory, e);
      }
    }
  }
}
