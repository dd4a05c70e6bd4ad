import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A Spark job that does what its arguments say, one step each: {@code sum FILE} (on an executor, the result into the
 * file), {@code await FILE} (for five minutes at most), {@code stop} (Spark, not the driver), {@code fail}, {@code exit N}.
 */
public final class YarnJob {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private YarnJob() {}

  public static void main(String[] steps) throws Exception {
    try (JavaSparkContext spark = new JavaSparkContext(new SparkConf())) {
      for (String step : steps) {
        String[] words = step.split(" ", 2);
        switch (words[0]) {
          case "sum" -> Files.writeString(Path.of(words[1]), "sum " + spark.parallelize(List.of(1, 2, 3, 4), 2).reduce(Integer::sum));
          case "await" -> await(Path.of(words[1]));
          case "stop" -> spark.stop();
          case "fail" -> throw new IllegalStateException("failing as told");
          case "exit" -> System.exit(Integer.parseInt(words[1]));
          default -> throw new IllegalArgumentException(step);
        }
      }
    }
  }

  private static void await(Path file) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!Files.exists(file)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(file + " did not come");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
