package dev.caravan.bench.spark;

import dev.caravan.cloud.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The applications that are measured, and the rows that they leave. */
final class Applications {
  private static final String PROCESSED_AT = "2026-04-01T03:00:00Z";

  private final SparkSubmit spark;
  private final S3Server s3;
  private final Path scratch;
  private final Path ours;
  private final Path naive;
  private final Optional<Path> older;

  /**
   * All applications.
   *
   * @param ours the jar of our datamarts
   * @param naive the jar of the naive ones
   * @param older an older jar of our datamarts, if one is to be compared with
   */
  Applications(
      SparkSubmit spark, S3Server s3, Path scratch, Path ours, Path naive, Optional<Path> older) {
    this.spark = spark;
    this.s3 = s3;
    this.scratch = scratch;
    this.ours = ours;
    this.naive = naive;
    this.older = older;
  }

  /**
   * One application of ours.
   *
   * @param target folder of the datamarts
   * @param dates as the job's option --date has it
   */
  ProcessCost ours(
      String target, BenchLake lake, int days, String dates, String memory, List<String> datamarts)
      throws IOException, InterruptedException {
    return run("ours-" + target, ours, target, lake, days, dates, memory, datamarts);
  }

  /** The same application of the older jar, if there is one. */
  Optional<ProcessCost> older(
      String target, BenchLake lake, int days, String dates, String memory, List<String> datamarts)
      throws IOException, InterruptedException {
    return older.isEmpty()
        ? Optional.empty()
        : Optional.of(
            run("older-" + target, older.get(), target, lake, days, dates, memory, datamarts));
  }

  private ProcessCost run(
      String name,
      Path jar,
      String target,
      BenchLake lake,
      int days,
      String dates,
      String memory,
      List<String> datamarts)
      throws IOException, InterruptedException {
    return spark.run(
        name,
        jar,
        memory,
        List.of(
            String.join(",", datamarts),
            "--date",
            dates,
            "--depth",
            Integer.toString(days),
            "--src",
            lake.address() + "/events",
            "--coords",
            lake.address() + "/cities",
            "--tgt",
            folder(target),
            "--processed-at",
            PROCESSED_AT));
  }

  /** One naive datamart, which is an application. */
  ProcessCost naive(String target, BenchLake lake, int days, String memory, String datamart)
      throws IOException, InterruptedException {
    return spark.run(
        "naive-" + datamart,
        naive,
        memory,
        List.of(
            datamart,
            BenchLake.LAST_DAY.toString(),
            Integer.toString(days),
            lake.address() + "/events",
            lake.address() + "/cities",
            folder(target),
            PROCESSED_AT));
  }

  private static String folder(String target) {
    return "s3a://" + BenchLake.BUCKET + "/marts/" + target;
  }

  Rows rows(String target, String datamart, String date) throws IOException {
    return Rows.read(s3.client(), "marts/" + target + "/" + datamart + "/date=" + date, scratch);
  }
}
