package dev.caravan.jobs.sample;

import org.apache.spark.sql.SparkSession;

/** The one local session of all tests of a JVM; Spark's own shutdown hook stops it. */
public final class TestSession {
  private static final SparkSession SPARK =
      SparkSession.builder()
          .master("local[2]")
          .appName("tests")
          .config("spark.ui.enabled", "false")
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.shuffle.partitions", "2")
          .config("spark.sql.session.timeZone", "UTC")
          .config("spark.sql.ansi.enabled", "false")
          .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
          .config("spark.sql.caseSensitive", "true")
          .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
          .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
          .config("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED")
          .config("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED")
          .getOrCreate();

  /** Set where the tests run on another Spark than they were compiled with. */
  private static final String EXPECTED = "caravan.expected.spark";

  private TestSession() {}

  public static SparkSession spark() {
    String expected = System.getProperty(EXPECTED, SPARK.version());
    if (!expected.equals(SPARK.version())) {
      throw new IllegalStateException("This is Spark " + SPARK.version() + ", not " + expected);
    }
    return SPARK;
  }
}
