package dev.caravan.jobs.output;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;

/**
 * Selects how files get from tasks to their final location, depending on what this cluster
 * supports.
 *
 * <p>On {@code s3a://} with Spark's cloud module it is S3A's magic committer: tasks upload, the
 * commit completes the uploads, nothing is renamed. Whatever the submitter has set himself stays.
 * Elsewhere it is Hadoop's file committer, held to its first algorithm, since the second publishes
 * the files of each task before the job has succeeded.
 *
 * @see <a
 *     href="https://hadoop.apache.org/docs/r3.3.4/hadoop-aws/tools/hadoop-aws/committers.html">Committing
 *     work to S3 with the S3A committers</a>
 */
final class Committer {
  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String CLOUD_PROTOCOL =
      "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol";
  private static final String PARQUET = "spark.sql.parquet.output.committer.class";
  private static final String CLOUD_PARQUET =
      "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter";
  private static final String FACTORY = "mapreduce.outputcommitter.factory.scheme.s3a";
  private static final String S3A_FACTORY = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory";
  private static final String NAME = "fs.s3a.committer.name";
  private static final String CAN_DO_MAGIC = "fs.s3a.capability.magic.committer";

  /** The committer would abort all uploads under its folder, not only those of its partitions. */
  private static final String ABORT_ALL = "fs.s3a.committer.abort.pending.uploads";

  private final String name;
  private final boolean cloud;
  private final Map<String, String> options;

  private Committer(String name, boolean cloud, Map<String, String> options) {
    this.name = name;
    this.cloud = cloud;
    this.options = Collections.unmodifiableMap(options);
  }

  /**
   * The committer for files under {@code target}.
   *
   * @param listing whether the storage can list pending uploads
   */
  static Committer of(SparkSession spark, FileSystem storage, Path target, boolean listing)
      throws IOException {
    Configuration conf = spark.sessionState().newHadoopConf();
    Map<String, String> options = new LinkedHashMap<>();
    options.put("mapreduce.fileoutputcommitter.algorithm.version", "1");
    if (!"s3a".equals(storage.getScheme())) {
      return new Committer("file", false, options);
    }
    options.put(ABORT_ALL, "false");
    if (spark.conf().contains(PROTOCOL)) {
      return new Committer(conf.get(NAME, "file"), false, options);
    }
    String wanted = wanted(spark, conf);
    boolean able = !"magic".equals(wanted) || storage.hasPathCapability(target, CAN_DO_MAGIC);
    if ("file".equals(wanted) || !able || !isThere(CLOUD_PROTOCOL) || !isThere(S3A_FACTORY)) {
      return new Committer("file", false, options);
    }
    options.put(NAME, wanted);
    options.put(
        FACTORY,
        listing || !"magic".equals(wanted)
            ? S3A_FACTORY
            : NoListingCommitterFactory.class.getName());
    options.put(PARQUET, CLOUD_PARQUET);
    return new Committer(wanted, true, options);
  }

  /** Hadoop's own default is {@code file}: only a submitter can have meant it. */
  private static String wanted(SparkSession spark, Configuration conf) {
    String set = conf.get(NAME, "file");
    boolean meant = spark.sparkContext().getConf().contains("spark.hadoop." + NAME);
    return meant || !"file".equals(set) ? set : "magic";
  }

  private static boolean isThere(String className) {
    try {
      Class.forName(className, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Its name as {@code fs.s3a.committer.name} has it. */
  String name() {
    return name;
  }

  /** To be given to the writer. */
  Map<String, String> options() {
    return options;
  }

  /** Runs a write with this committer in force. */
  void during(SparkSession spark, Runnable write) {
    RuntimeConfig conf = spark.conf();
    if (cloud) {
      conf.set(PROTOCOL, CLOUD_PROTOCOL);
    }
    try {
      write.run();
    } finally {
      if (cloud) {
        conf.unset(PROTOCOL);
      }
    }
  }
}
