package dev.caravan.endpoint.stages;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where Spark writes the event log of a batch, as the batch's argument list says. */
final class EventLogPlace {
  private static final String ENABLED = "spark.eventLog.enabled=";
  private static final String DIRECTORY = "spark.eventLog.dir=";
  private static final Pattern LOCAL = Pattern.compile("(?:file:/{0,2}(?=/))?(/[^?#]*)");
  private static final Pattern ROLLED = Pattern.compile("events_(\\d{1,9})_.*");

  /** Spark's own ids alone, so that no path can be made of one. */
  private static final Pattern ID = Pattern.compile("[a-z]+[-_]\\d+(?:[-_]\\d+)?");

  private static final Pattern LOCAL_ID = Pattern.compile("(local-(\\d{13}))(?:\\.inprogress)?");

  private EventLogPlace() {}

  /** Empty if it writes none, or not to a directory of this machine. */
  static Optional<Path> directory(List<String> words) {
    boolean enabled = setting(words, ENABLED).filter("true"::equalsIgnoreCase).isPresent();
    return setting(words, DIRECTORY)
        .filter(set -> enabled)
        .map(LOCAL::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Path.of(matcher.group(1)));
  }

  /** Options are pairs of words after the program; what follows them is the job's. */
  private static Optional<String> setting(List<String> words, String beginning) {
    for (int i = 1; i + 1 < words.size() && words.get(i).startsWith("--"); i += 2) {
      if (words.get(i).equals("--conf") && words.get(i + 1).startsWith(beginning)) {
        return Optional.of(words.get(i + 1).substring(beginning.length()));
      }
    }
    return Optional.empty();
  }

  /**
   * The files of an application's log, in order; of one that did not end by itself what there is.
   */
  static List<Path> files(Path directory, String applicationId) throws IOException {
    if (!ID.matcher(applicationId).matches()) {
      return List.of();
    }
    for (String name : List.of(applicationId, applicationId + ".inprogress")) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return List.of(file);
      }
    }
    Path rolled = directory.resolve("eventlog_v2_" + applicationId);
    return Files.isDirectory(rolled, LinkOption.NOFOLLOW_LINKS) ? rolled(rolled) : List.of();
  }

  /**
   * The one application of a local master that began in this time: its id is the time of its begin,
   * which Spark writes to no log.
   *
   * @return empty if there is none, or more than one
   */
  static Optional<String> localApplication(Path directory, Instant from, Instant until)
      throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "local-*")) {
      for (Path file : all) {
        Matcher name = LOCAL_ID.matcher(file.getFileName().toString());
        if (name.matches()) {
          Instant began = Instant.ofEpochMilli(Long.parseLong(name.group(2)));
          if (!began.isBefore(from) && !began.isAfter(until)) {
            found.add(name.group(1));
          }
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  private static List<Path> rolled(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "events_*")) {
      all.forEach(files::add);
    }
    files.removeIf(
        file -> number(file) < 0 || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    files.sort(Comparator.comparingInt(EventLogPlace::number));
    return files;
  }

  private static int number(Path file) {
    Matcher matcher = ROLLED.matcher(file.getFileName().toString());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
