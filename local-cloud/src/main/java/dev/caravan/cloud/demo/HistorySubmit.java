package dev.caravan.cloud.demo;

import dev.caravan.cloud.process.BuildOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Stands in for spark-submit while the playground makes its history: takes the argument list of a
 * job of ours, and puts {@link HistoryRows} where the job would have put its own. Where there are
 * none for a date, the job leaves the date out; if it is the only one, it fails as ours do without
 * input. Little is loaded, so that it ends within half a second.
 */
public final class HistorySubmit {
  /** With what our jobs end if the window has no input. */
  private static final int NO_INPUT = 66;

  private final Path rows;
  private final URI s3;

  private HistorySubmit(Path rows, URI s3) {
    this.rows = rows;
    this.s3 = s3;
  }

  /**
   * Writes the program for {@code endpoint.spark-submit}.
   *
   * @param rows where the history's rows are
   */
  static Path program(Path directory, Path rows, URI s3) throws IOException {
    Path file = directory.resolve("history-submit");
    Files.writeString(
        file,
        """
        #!/bin/sh
        exec '%s' -Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s '%s' '%s' "$@"
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                BuildOutput.code(),
                HistorySubmit.class.getName(),
                rows,
                s3));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  /**
   * @param args the rows' directory, S3's address, then what spark-submit is given
   */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ENGLISH);
    List<String> submitted = Arrays.asList(args).subList(2, args.length);
    System.exit(new HistorySubmit(Path.of(args[0]), URI.create(args[1])).submit(submitted));
  }

  private int submit(List<String> words) throws IOException {
    int jar = 0;
    while (jar < words.size() && !words.get(jar).endsWith(".jar")) {
      jar++;
    }
    List<String> job = words.subList(Math.min(jar + 1, words.size()), words.size());
    if (job.isEmpty()) {
      System.out.println("version 3.5.5");
      return 0;
    }
    String[] dates = option(job, "--date").split(",");
    URI target = URI.create(option(job, "--tgt"));
    PrintStream out = System.out;
    for (String date : dates) {
      for (String mart : job.get(0).split(",")) {
        Path file = HistoryRows.file(rows, mart, date);
        if (Files.exists(file)) {
          String key = target.getPath() + "/" + mart + "/date=" + date + "/part-00000.parquet";
          put(file, URI.create(s3 + "/" + target.getHost() + key));
          out.println("history: wrote " + target.getHost() + key);
        } else if (dates.length == 1) {
          System.err.println(
              "caravan-spark-jobs: no input for " + date + ": its events came late that night");
          return NO_INPUT;
        }
      }
    }
    return 0;
  }

  private static String option(List<String> job, String name) {
    int at = job.indexOf(name);
    if (at < 0 || at + 1 == job.size()) {
      throw new IllegalArgumentException("there is no " + name + " in " + job);
    }
    return job.get(at + 1);
  }

  /** The local S3 looks at no signature. */
  private static void put(Path file, URI address) throws IOException {
    HttpURLConnection call = (HttpURLConnection) address.toURL().openConnection();
    call.setRequestMethod("PUT");
    call.setDoOutput(true);
    call.setFixedLengthStreamingMode(Files.size(file));
    try (OutputStream out = call.getOutputStream()) {
      Files.copy(file, out);
    }
    if (call.getResponseCode() >= 300) {
      throw new IOException(address + " was answered " + call.getResponseCode());
    }
  }
}
