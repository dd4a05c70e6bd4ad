package dev.caravan.cloud.cluster;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file spark-defaults.conf of a local cluster: what a Data Proc image brings along, and the S3
 * keys, which must not stand in argv.
 */
final class SparkDefaults {

  private SparkDefaults() {}

  /** Writes the file, mode 600, and returns the directory for SPARK_CONF_DIR. */
  static Path write(LocalClusterSettings cluster) throws IOException {
    Path directory = Files.createDirectories(cluster.directory().resolve("spark-conf"));
    Path scratch = Files.createDirectories(cluster.directory().resolve("scratch"));
    Map<String, String> conf = new TreeMap<>();
    conf.put("spark.driver.memory", "1g");
    conf.put("spark.driver.bindAddress", "127.0.0.1");
    conf.put("spark.driver.host", "127.0.0.1");
    conf.put("spark.driver.extraJavaOptions", String.join(" ", ChildProcess.SHORT_LIVED));
    conf.put("spark.local.dir", scratch.toString());
    conf.put("spark.sql.shuffle.partitions", "4");
    conf.put("spark.sql.warehouse.dir", scratch.resolve("warehouse").toString());
    conf.put("spark.ui.enabled", "false");
    s3a(cluster, scratch, conf);
    magicCommitter(conf);
    conf.putAll(cluster.sparkConf());
    PrivateFile.write(directory.resolve("spark-defaults.conf"), conf, " ");
    return directory;
  }

  private static void s3a(LocalClusterSettings cluster, Path scratch, Map<String, String> conf) {
    conf.put("spark.hadoop.fs.s3a.endpoint", cluster.s3().endpoint().toString());
    conf.put("spark.hadoop.fs.s3a.endpoint.region", cluster.s3().region());
    conf.put("spark.hadoop.fs.s3a.access.key", cluster.s3().accessKeyId());
    conf.put("spark.hadoop.fs.s3a.secret.key", cluster.s3().secretAccessKey());
    conf.put("spark.hadoop.fs.s3a.path.style.access", "true");
    conf.put("spark.hadoop.fs.s3a.connection.ssl.enabled", "false");
    conf.put("spark.hadoop.fs.s3a.buffer.dir", scratch.resolve("s3a").toString());
    conf.put("spark.hadoop.fs.s3a.attempts.maximum", "3");
  }

  /**
   * The S3A committer that needs no shared file system; Hadoop's guide "Committing work to S3 with
   * the S3A Committers".
   */
  private static void magicCommitter(Map<String, String> conf) {
    conf.put("spark.hadoop.fs.s3a.committer.name", "magic");
    conf.put(
        "spark.sql.sources.commitProtocolClass",
        "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol");
    conf.put(
        "spark.sql.parquet.output.committer.class",
        "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter");
    conf.put(
        "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a",
        "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory");
  }
}
