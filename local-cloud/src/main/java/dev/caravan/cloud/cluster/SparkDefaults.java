package dev.caravan.cloud.cluster;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.s3.S3Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file spark-defaults.conf of a Spark on this machine: what a Data Proc image brings along, and
 * the S3 keys, which must not stand in argv.
 */
public final class SparkDefaults {

  private SparkDefaults() {}

  /** Those of a local cluster, whose jobs are small and short. */
  static Path write(LocalClusterSettings cluster) throws IOException {
    Map<String, String> conf = new TreeMap<>();
    conf.put("spark.driver.memory", "1g");
    conf.put("spark.driver.extraJavaOptions", String.join(" ", ChildProcess.SHORT_LIVED));
    conf.put("spark.sql.shuffle.partitions", "4");
    conf.putAll(cluster.sparkConf());
    return write(cluster.directory(), cluster.s3(), conf);
  }

  /**
   * Writes the file, mode 600, and returns the directory for SPARK_CONF_DIR.
   *
   * @param directory where it comes to lie, and what Spark needs for a while
   * @param more further settings; they win over those made here
   */
  public static Path write(Path directory, S3Access s3, Map<String, String> more)
      throws IOException {
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    Map<String, String> conf = new TreeMap<>();
    conf.put("spark.driver.bindAddress", "127.0.0.1");
    conf.put("spark.driver.host", "127.0.0.1");
    conf.put("spark.local.dir", scratch.toString());
    conf.put("spark.sql.warehouse.dir", scratch.resolve("warehouse").toString());
    conf.put("spark.ui.enabled", "false");
    s3a(s3, scratch, conf);
    magicCommitter(conf);
    conf.putAll(more);
    Path folder = Files.createDirectories(directory.resolve("spark-conf"));
    PrivateFile.write(folder.resolve("spark-defaults.conf"), conf, " ");
    return folder;
  }

  private static void s3a(S3Access s3, Path scratch, Map<String, String> conf) {
    conf.put("spark.hadoop.fs.s3a.endpoint", s3.endpoint().toString());
    conf.put("spark.hadoop.fs.s3a.endpoint.region", s3.region());
    conf.put("spark.hadoop.fs.s3a.access.key", s3.accessKeyId());
    conf.put("spark.hadoop.fs.s3a.secret.key", s3.secretAccessKey());
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
