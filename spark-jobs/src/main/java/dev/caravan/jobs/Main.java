package dev.caravan.jobs;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Entry point for {@code spark-submit}. */
public final class Main {
  private static final String EXPLAIN_MODE = "spark.sql.ui.explainMode";
  private static final String CACHE_COMPRESSED = "spark.sql.inMemoryColumnarStorage.compressed";

  private Main() {}

  /** Makes the datamarts asked for; ends the process with the number of an {@link ExitCode}. */
  public static void main(String[] words) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    ExitCode exit = run(words, Clock.systemUTC(), Main::session, SparkSession::stop, System.err);
    if (exit != ExitCode.SUCCESS) {
      System.exit(exit.number());
    }
  }

  /**
   * The same without ending the process.
   *
   * @param session opens the session for usable arguments; not called for others
   * @param err takes one line for each failure
   */
  static ExitCode run(
      String[] words,
      Clock clock,
      Function<Arguments, SparkSession> session,
      Consumer<SparkSession> end,
      PrintStream err) {
    try {
      Arguments arguments = Arguments.parse(words, clock);
      SparkSession spark = session.apply(arguments);
      try {
        return new Application(spark, arguments, clock, err).run();
      } finally {
        end.accept(spark);
      }
    } catch (JobFailedException refusal) {
      return Application.report(err, "", refusal.exitCode(), refusal.getMessage());
    } catch (RuntimeException | Error failure) {
      return Application.report(err, "", ExitCode.FAILED, Application.inOneLine(failure));
    }
  }

  /**
   * Master, resources and storage settings are the submitter's; what results depend on is set here.
   */
  static SparkSession session(Arguments arguments) {
    SparkConf conf = new SparkConf();
    EventLogDirectory.make(conf);
    StorageConnections.open(conf, arguments);
    SparkSession.Builder session = SparkSession.builder();
    if (!conf.contains(EXPLAIN_MODE)) {
      // Spark prints the plan each time that it changes, for its event log: one form of it will do.
      session.config(EXPLAIN_MODE, "simple");
    }
    if (!conf.contains(CACHE_COMPRESSED)) {
      // Rows are kept to be read once or twice, and ids and times hardly get smaller: to try took a
      // seventh of the processor time of a small night.
      session.config(CACHE_COMPRESSED, "false");
    }
    return session
        .appName(arguments.names() + " " + arguments.dates())
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        // A time of the year 1 is a time: it is read as it is, and dropped later. By default it
        // fails the task, and with it every window that holds its day.
        .config("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
        .config("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
        .config("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED")
        .config("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED")
        // Names are what they are: a file may hold lat and LAT.
        .config("spark.sql.caseSensitive", "true")
        // What can't be read fails the job; it isn't left out.
        .config("spark.sql.files.ignoreCorruptFiles", "false")
        .config("spark.sql.files.ignoreMissingFiles", "false")
        // Rows that are in order, as those kept for several dates are, need no hash table.
        .config("spark.sql.execution.replaceHashWithSortAgg", "true")
        // It would take finished branches without rows out of the plan, and the counts observed
        // there with them.
        .config(
            "spark.sql.adaptive.optimizer.excludedRules",
            "org.apache.spark.sql.execution.adaptive.AQEPropagateEmptyRelation")
        .getOrCreate();
  }
}
