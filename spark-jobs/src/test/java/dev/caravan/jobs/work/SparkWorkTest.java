package dev.caravan.jobs.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.sample.TestSession;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SparkWorkTest {
  private final SparkSession spark = TestSession.spark();

  @Test
  void eachJobHasItsOwnSumsAndNothingElseIsCounted() {
    try (SparkWork work = SparkWork.watch(spark, List.of())) {
      spark.range(0, 10, 1, 3).toDF().rdd().count();
      work.begin("first");
      spark.range(0, 10, 1, 5).toDF().rdd().count();
      Map<String, Object> first = work.end("first");
      assertThat(first).containsEntry("jobs", 1L).containsEntry("tasks", 5L);
      spark.range(0, 10, 1, 3).toDF().rdd().count();
      work.begin("second");
      assertThatThrownBy(
          () ->
              spark
                  // One task: another's end may be heard of after the job was given up.
                  .range(0, 4, 1, 1)
                  .selectExpr("if(id > 1, raise_error('no'), id)")
                  .collectAsList());
      Map<String, Object> second = work.end("second");
      assertThat(second).containsEntry("tasks", 1L).containsEntry("failedTasks", 1L);
      assertThat(second).doesNotContainKey("driverStorageRequests");
      assertThat(work.end("third")).isEmpty();
    }
  }

  @Test
  void skewIsWhatTheSlowestTaskOfAStageTookLonger() {
    assertThat(new JobTasks().entry()).doesNotContainKey("skew");
    StageTasks skewed = new StageTasks("skewed");
    skewed.took(400);
    assertThat(skewed.lag()).isZero();
    for (int task = 1; task <= 40; task++) {
      skewed.took(task);
    }
    assertThat(skewed.lag()).isEqualTo(400 - 21);
    assertThat(skewed.skew())
        .containsEntry("stage", "skewed")
        .containsEntry("tasks", 41)
        .containsEntry("medianTaskSeconds", 0.021)
        .containsEntry("maxTaskSeconds", 0.4)
        .containsEntry("ratio", 19.0);
  }
}
