package dev.caravan.jobs.work;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/**
 * Listens to what Spark does for each of our jobs. Whose work a stage is, the thread says that
 * began it; threads that it starts say the same.
 */
public final class SparkWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SparkWork.class);

  /** Local properties of Spark, which come with each of its jobs. */
  private static final String JOB = "caravan.job";

  private static final String MARK = "caravan.mark";
  private static final long BOUND_SECONDS = 10;

  private final SparkContext spark;
  private final StorageRequests requests;
  private final Listener listener = new Listener();

  private SparkWork(SparkContext spark, StorageRequests requests) {
    this.spark = spark;
    this.requests = requests;
    spark.addSparkListener(listener);
  }

  /**
   * Listens until it is closed.
   *
   * @param paths requests to their storages are counted
   */
  public static SparkWork watch(SparkSession spark, List<Path> paths) {
    return new SparkWork(
        spark.sparkContext(), new StorageRequests(spark.sessionState().newHadoopConf(), paths));
  }

  /** What this thread has Spark do from now on is for {@code job}. */
  public void begin(String job) {
    spark.setLocalProperty(JOB, job);
  }

  /** The sums of {@code job}, which has ended; see {@code SummaryDocument} for the names. */
  public Map<String, Object> end(String job) {
    try {
      if (!spark.isStopped()) {
        spark.setLocalProperty(JOB, null);
        awaitEvents();
      }
    } catch (RuntimeException e) {
      // Spark is stopping: what has been heard of it must do.
      LOG.warn("Spark's events can't be awaited", e);
    }
    Map<String, Object> sums = new LinkedHashMap<>(listener.take(job));
    requests.sinceLast().ifPresent(count -> sums.put("driverStorageRequests", count));
    return sums;
  }

  /**
   * Events come late, but in order: those of a job without tasks come after all that were before.
   */
  private void awaitEvents() {
    String mark = UUID.randomUUID().toString();
    CountDownLatch seen = listener.expect(mark);
    spark.setLocalProperty(MARK, mark);
    try {
      JavaSparkContext.fromSparkContext(spark).emptyRDD().count();
      if (!seen.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Spark's events are late: the summary's sums may be too small");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      spark.setLocalProperty(MARK, null);
    }
  }

  @Override
  public void close() {
    spark.removeSparkListener(listener);
  }

  /** Called on Spark's thread, asked on ours. */
  private static final class Listener extends SparkListener {
    private final Map<String, JobTasks> jobs = new HashMap<>();
    private final Map<Integer, String> jobOfStage = new HashMap<>();
    private String mark = "";
    private CountDownLatch marked = new CountDownLatch(0);

    synchronized CountDownLatch expect(String newMark) {
      mark = newMark;
      marked = new CountDownLatch(1);
      return marked;
    }

    synchronized Map<String, Object> take(String job) {
      jobOfStage.values().removeIf(job::equals);
      JobTasks tasks = jobs.remove(job);
      return tasks == null ? Collections.emptyMap() : tasks.entry();
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
      Properties properties = start.properties() == null ? new Properties() : start.properties();
      if (mark.equals(properties.getProperty(MARK))) {
        marked.countDown();
      }
      String job = properties.getProperty(JOB);
      if (job != null) {
        JobTasks tasks = jobs.computeIfAbsent(job, name -> new JobTasks());
        tasks.sparkJob();
        for (StageInfo stage : JavaConverters.seqAsJavaList(start.stageInfos())) {
          tasks.stage(stage.stageId(), stage.name());
          jobOfStage.putIfAbsent(stage.stageId(), job);
        }
      }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
      String job = jobOfStage.get(task.stageId());
      if (job != null) {
        jobs.get(job).ended(task);
      }
    }
  }
}
