package dev.caravan.jobs;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.layer.EventsLayer;
import dev.caravan.jobs.marts.Datamart;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** The command line of an application, validated before Spark starts. */
public final class Arguments {
  /** The command line in one line, for messages. */
  static final String USAGE =
      "<datamart>[,<datamart>...] --date YYYY-MM-DD[..YYYY-MM-DD] --depth DAYS --src PATH --coords PATH --tgt PATH"
          + " [--processed-at TIME] [--summary FILE] [--run ID]; or "
          + EventsLayer.NAME
          + " with the same, without --coords";

  private final List<Datamart> datamarts;
  private final boolean layer;
  private final List<DateWindow> windows;
  private final Path src;
  private final Optional<Path> coords;
  private final Path tgt;
  private final Instant processedAt;
  private final Optional<Path> summary;
  private final Optional<String> run;

  private Arguments(String jobs, Options options, Clock clock) {
    this.layer = jobs.equals(EventsLayer.NAME);
    this.datamarts =
        layer ? Collections.emptyList() : Collections.unmodifiableList(Options.datamarts(jobs));
    this.windows = Collections.unmodifiableList(options.windows(clock));
    if (layer && windows.size() > 1) {
      throw Options.refusal(
          "--date must be one day for "
              + EventsLayer.NAME
              + ", which writes all days of its --depth at once");
    }
    this.src = options.path("src");
    this.coords = layer ? options.optionalPath("coords") : Optional.of(options.path("coords"));
    this.tgt = options.path("tgt");
    this.processedAt = options.time("processed-at").orElseGet(clock::instant);
    this.summary = options.optionalPath("summary");
    this.run = options.optionalId("run");
  }

  /**
   * Reads a command line.
   *
   * @param clock tells today and now, in UTC
   * @throws JobFailedException with {@link ExitCode#USAGE}, naming the argument, its value and its
   *     bound
   */
  public static Arguments parse(String[] words, Clock clock) {
    if (words.length == 0 || words[0].startsWith("--")) {
      throw Options.refusal("the datamarts must come first: " + USAGE);
    }
    return new Arguments(words[0], Options.of(words), clock);
  }

  /** What to make, in the order asked for; nothing if the events layer is to be made. */
  public List<Datamart> datamarts() {
    return datamarts;
  }

  /** Whether the events layer is to be made. */
  public boolean layer() {
    return layer;
  }

  /** The names of all that is to be made. */
  public String names() {
    return layer
        ? EventsLayer.NAME
        : datamarts.stream().map(Datamart::name).collect(Collectors.joining(","));
  }

  /** The days to read for each logical date, which is the last of them; the earliest first. */
  public List<DateWindow> windows() {
    return windows;
  }

  /** The logical dates in words: one, the first and the last, or all of them. */
  public String dates() {
    LocalDate first = windows.get(0).last();
    LocalDate last = windows.get(windows.size() - 1).last();
    if (first.equals(last)) {
      return first.toString();
    }
    return last.equals(first.plusDays(windows.size() - 1L))
        ? first + ".." + last
        : windows.stream().map(window -> window.last().toString()).collect(Collectors.joining(","));
  }

  /** Root of the event log, or of the raw events for the events layer. */
  public Path src() {
    return src;
  }

  /** The city dictionary; the events layer needs none. */
  public Optional<Path> coords() {
    return coords;
  }

  /** Root of what is written. */
  public Path tgt() {
    return tgt;
  }

  /** The partition that {@code datamart} replaces for a logical date. */
  public Path partition(Datamart datamart, LocalDate date) {
    return new Path(tgt, datamart.name() + "/date=" + date);
  }

  /** The processing time to write into rows. */
  public Instant processedAt() {
    return processedAt;
  }

  /** Where to leave the summary. */
  public Optional<Path> summary() {
    return summary;
  }

  /** Whose run this is. */
  public Optional<String> run() {
    return run;
  }
}
