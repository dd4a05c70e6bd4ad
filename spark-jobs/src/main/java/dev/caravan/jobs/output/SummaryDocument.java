package dev.caravan.jobs.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The summary that outlives the cluster: one JSON document for an application, with one entry for
 * each datamart of each logical date.
 *
 * <pre>
 * { "version": 1, "run", "applicationId", "sparkVersion", "startedAt", "finishedAt", "exitCode",
 *   "jobs": [ { "job", "run", "applicationId", "window": {"from", "to", "days"}, "exitCode", "message",
 *               "partitionsRead", "partitionsMissing", "rowsRead", "rowsDropped", "rowsWritten",
 *               "output", "files", "bytes", "committer", "seconds": {"list", "plan", "compute", "write", "total"},
 *               "spark": {"jobs", "stages", "tasks", "failedTasks", "taskSeconds", "cpuSeconds", "gcSeconds", "peakTaskMemoryBytes",
 *                         "inputBytes", "inputRows", "shuffleReadBytes", "shuffleWriteBytes", "spilledMemoryBytes",
 *                         "spilledDiskBytes", "outputBytes", "outputRows", "driverStorageRequests",
 *                         "skew": {"stage", "tasks", "medianTaskSeconds", "maxTaskSeconds", "ratio"}},
 *               "inputs": { "message": { "partitionsRead", "partitionsMissing", "missing": [day...], "bytes",
 *                                        "rowsRead", "rowsDropped", "rowsWithoutId", "rowsWithBadId",
 *                                        "rowsWithoutTime", "rowsWithBadTime", "rowsOutOfTimeRange" }, ... } } ] }
 * </pre>
 *
 * <p>{@code run} is empty when none was given, {@code message} when the datamart was made. Seconds
 * are of the wall; a datamart that reads what another one kept shows the less of them, and each is
 * written while the next one is computed. Numbers of rows count an input once, however often a plan
 * reads it, or a lost task is run again; those read are as many as the files' footers tell. {@code
 * spark} counts what its tasks did, repetitions included; {@code skew} is that of the stage whose
 * slowest task outlasted the median one by most, and absent if no stage has two tasks; {@code
 * driverStorageRequests} are those since the end of the datamart before, absent where the storage
 * doesn't count. The events layer has one input, {@code raw}, with {@code rowsRejected} and {@code
 * rowsOutsideWindow}, and further {@code rejected}, where rejected records are, and {@code
 * reasons}, how many for which reason. There rows read are those written, rejected and outside the
 * window, and those written are what the committed files hold.
 */
public final class SummaryDocument {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final String run;
  private final String applicationId;
  private final String sparkVersion;
  private final Clock clock;
  private final Instant startedAt;
  private final List<JobSummary> jobs = new ArrayList<>();

  public SummaryDocument(
      Optional<String> run, String applicationId, String sparkVersion, Clock clock) {
    this.run = run.orElse("");
    this.applicationId = applicationId;
    this.sparkVersion = sparkVersion;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** One more datamart. */
  public void add(JobSummary job) {
    jobs.add(job);
  }

  /** Writes the document to {@code file}, over a former one. */
  public void write(Path file, int exitCode, Configuration conf) throws IOException {
    byte[] json = JSON.writeValueAsBytes(document(exitCode));
    try (OutputStream out = file.getFileSystem(conf).create(file, true)) {
      out.write(json);
    }
  }

  /** Writes the document to a local file, for the process that started this one. */
  public void leave(java.nio.file.Path file, int exitCode) throws IOException {
    Files.write(file, JSON.writeValueAsBytes(document(exitCode)));
  }

  private Map<String, Object> document(int exitCode) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", 1);
    document.put("run", run);
    document.put("applicationId", applicationId);
    document.put("sparkVersion", sparkVersion);
    document.put("startedAt", startedAt.toString());
    document.put("finishedAt", clock.instant().toString());
    document.put("seconds", Duration.between(startedAt, clock.instant()).toMillis() / 1000.0);
    document.put("exitCode", exitCode);
    Map<String, Object> shared = new LinkedHashMap<>();
    shared.put("run", run);
    shared.put("applicationId", applicationId);
    List<Map<String, Object>> entries = new ArrayList<>();
    jobs.forEach(job -> entries.add(job.entry(shared)));
    document.put("jobs", entries);
    return document;
  }
}
