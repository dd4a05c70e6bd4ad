package dev.caravan.jobs;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.layer.EventsLayer;
import dev.caravan.jobs.marts.Datamart;
import dev.caravan.jobs.marts.Datamarts;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** The options of a command line, each read with its bounds. */
final class Options {
  private static final List<String> NAMES =
      Arrays.asList("date", "depth", "src", "coords", "tgt", "processed-at", "summary", "run");
  private static final LocalDate FIRST_DATE = LocalDate.of(2015, 1, 1);
  private static final int MOST_DAYS = 150;

  /** What one application keeps of the days that its dates share is to stay bounded. */
  private static final int MOST_DATES = 31;

  private static final String RANGE = "..";
  private static final String SPAN =
      "must name 1 to " + MOST_DATES + " days, in a range the earliest first, within as many days";
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern DEPTH = Pattern.compile("[1-9]\\d{0,2}");
  private static final Pattern PATH =
      Pattern.compile(
          "(s3a://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|file:(//)?)/[^\\p{Cntrl}*?\\[\\]{}\\\\]*");
  private static final Pattern ID = Pattern.compile("[\\p{Graph}]{1,200}");

  private final Map<String, String> values = new HashMap<>();

  private Options() {}

  /** Reads the options after the first word. */
  static Options of(String[] words) {
    Options options = new Options();
    for (int i = 1; i < words.length; i += 2) {
      String name = words[i].startsWith("--") ? words[i].substring(2) : "";
      if (!NAMES.contains(name)) {
        throw refusal(
            "unknown argument '" + words[i] + "'; known: --" + String.join(", --", NAMES));
      }
      if (i + 1 == words.length) {
        throw refusal("--" + name + " has no value");
      }
      if (options.values.put(name, words[i + 1]) != null) {
        throw refusal("--" + name + " is given twice");
      }
    }
    return options;
  }

  static List<Datamart> datamarts(String list) {
    List<Datamart> datamarts = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      Datamart datamart = Datamarts.named(name).orElseThrow(() -> unknown(name));
      if (datamarts.contains(datamart)) {
        throw refusal("datamart '" + name + "' is asked for twice");
      }
      datamarts.add(datamart);
    }
    return datamarts;
  }

  private static JobFailedException unknown(String name) {
    return refusal(
        name.equals(EventsLayer.NAME)
            ? name + " is asked for alone: it writes the events that the datamarts read"
            : "unknown datamart '"
                + name
                + "'; known: "
                + String.join(", ", Datamarts.names())
                + ", and "
                + EventsLayer.NAME
                + " alone");
  }

  static JobFailedException refusal(String message) {
    return new JobFailedException(ExitCode.USAGE, message);
  }

  /** One window for each date, the earliest first. */
  List<DateWindow> windows(Clock clock) {
    String value = required("date");
    int depth = depth();
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (String word : value.split(",", -1)) {
      String[] ends = word.split(Pattern.quote(RANGE), 2);
      LocalDate first = date(ends[0], value, clock);
      LocalDate last = date(ends[ends.length - 1], value, clock);
      if (first.isAfter(last)) {
        throw unusable("date", value, SPAN);
      }
      for (LocalDate date = first; !date.isAfter(last); date = date.plusDays(1)) {
        dates.add(date);
        if (!date.isBefore(dates.first().plusDays(MOST_DATES))) {
          throw unusable("date", value, SPAN);
        }
      }
    }
    return dates.stream().map(date -> new DateWindow(date, depth)).collect(Collectors.toList());
  }

  private static LocalDate date(String word, String value, Clock clock) {
    LocalDate today = LocalDate.now(clock);
    String bounds =
        "must be a day YYYY-MM-DD from "
            + FIRST_DATE
            + " to today, "
            + today
            + ", or several: D..D, D,D";
    LocalDate date;
    try {
      date = LocalDate.parse(DATE.matcher(word).matches() ? word : "");
    } catch (DateTimeException e) {
      throw unusable("date", value, bounds);
    }
    if (date.isBefore(FIRST_DATE) || date.isAfter(today)) {
      throw unusable("date", value, bounds);
    }
    return date;
  }

  private int depth() {
    String value = required("depth");
    int depth = DEPTH.matcher(value).matches() ? Integer.parseInt(value) : 0;
    if (depth < 1 || depth > MOST_DAYS) {
      throw unusable("depth", value, "must be a number of days from 1 to " + MOST_DAYS);
    }
    return depth;
  }

  Path path(String name) {
    return path(name, required(name));
  }

  Optional<Path> optionalPath(String name) {
    return Optional.ofNullable(values.get(name)).map(value -> path(name, value));
  }

  private static Path path(String name, String value) {
    // Not repeated in the message when it may hold a key: s3a://KEY:SECRET@bucket was a form once.
    String shown = value.contains("@") ? "(not shown, it contains an @)" : value;
    if (!PATH.matcher(value).matches()) {
      throw unusable(name, shown, "must be s3a://bucket/... or file:/..., without wildcards");
    }
    return new Path(value);
  }

  Optional<Instant> time(String name) {
    return Optional.ofNullable(values.get(name)).map(value -> time(name, value));
  }

  private static Instant time(String name, String value) {
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException withoutOffset) {
      try {
        return LocalDateTime.parse(value).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        throw unusable(name, value, "must be an ISO-8601 time such as 2022-05-21T03:00:00Z");
      }
    }
  }

  Optional<String> optionalId(String name) {
    Optional<String> id = Optional.ofNullable(values.get(name));
    id.filter(value -> !ID.matcher(value).matches())
        .ifPresent(
            value -> {
              throw unusable(name, value, "must be 1 to 200 printable characters without spaces");
            });
    return id;
  }

  private String required(String name) {
    String value = values.get(name);
    if (value == null) {
      throw refusal("--" + name + " is missing: " + Arguments.USAGE);
    }
    return value;
  }

  private static JobFailedException unusable(String name, String value, String bounds) {
    return refusal(
        "--" + name + " '" + value.replaceAll("\\p{Cntrl}", "?") + "' is refused: it " + bounds);
  }
}
