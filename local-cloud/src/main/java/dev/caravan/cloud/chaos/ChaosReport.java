package dev.caravan.cloud.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.caravan.cloud.chaos.MessageCounter.Message;
import dev.caravan.cloud.chaos.RunReport.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What became of all runs; told as each one ends. For use by many threads. */
final class ChaosReport {
  private static final double MOST_OUTSIDE = 0.05;

  private final long seed;
  private final String counted;
  private final List<RunReport> reports = new ArrayList<>();

  /**
   * @param counted the messages of an undisturbed run of each shape, as {@code --counted} takes
   *     them
   */
  ChaosReport(long seed, String counted) {
    this.seed = seed;
    this.counted = counted;
  }

  synchronized void add(RunReport report) {
    reports.add(report);
    System.out.printf(
        Locale.ROOT,
        "%4d  seed %d  %s  %s%n",
        reports.size(),
        report.plan().seed(),
        String.join(",", report.states()),
        report.moments().stream()
            .map(moment -> moment.disturbance().kind() + "@" + moment.step())
            .toList());
    if (report.notStruck() > 0) {
      System.out.printf("      not struck: %d, the run had fewer messages%n", report.notStruck());
    }
    report.violations().forEach(sentence -> System.out.println("      VIOLATION: " + sentence));
    System.out.flush();
  }

  synchronized long violations() {
    return reports.stream().mapToLong(report -> report.violations().size()).sum();
  }

  synchronized String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%nchaos of seed %d: %d runs, %d violations%n%n"
            .formatted(seed, reports.size(), violations()));
    text.append("disturbance                step                hits  runs with a violation\n");
    hits()
        .forEach(
            (where, counts) ->
                text.append(
                    "%-26s %-19s %4d  %d%n"
                        .formatted(
                            where.split("@")[0], where.split("@")[1], counts[0], counts[1])));
    text.append('\n').append(steps()).append('\n');
    text.append(line("last death to STOPPED", RunReport::toStopped));
    text.append(line("orchestrator lost, stopped by the lease", RunReport::toLeaseStop));
    text.append(line("SIGTERM to the end of the process", RunReport::toEnd));
    for (RunReport report : reports) {
      if (!report.violations().isEmpty()) {
        text.append(
            "repeat with: ./caravan chaos --runs 1 --seed %d --counted %s%n"
                .formatted(report.plan().seed(), counted));
      }
    }
    return text.toString();
  }

  /** How many disturbances hit which step, and the share outside of all steps. */
  private String steps() {
    Map<String, Long> steps = new TreeMap<>();
    reports.stream()
        .flatMap(report -> report.moments().stream())
        .forEach(moment -> steps.merge(moment.step(), 1L, Long::sum));
    StringBuilder text = new StringBuilder("strikes per step:");
    steps.forEach((step, times) -> text.append(" %s %d".formatted(step, times)));
    double outside = outside();
    text.append("%noutside of all steps: %.1f %%".formatted(100 * outside));
    text.append(
        outside > MOST_OUTSIDE
            ? ", MORE THAN %.0f %%: too many strikes hit no step%n".formatted(100 * MOST_OUTSIDE)
            : "\n");
    text.append(
        "not struck, since the run had fewer messages: %d%n"
            .formatted(reports.stream().mapToInt(RunReport::notStruck).sum()));
    return text.toString();
  }

  private double outside() {
    List<Moment> all = reports.stream().flatMap(report -> report.moments().stream()).toList();
    long outside = all.stream().filter(each -> each.step().equals(RunReport.OUTSIDE)).count();
    return all.isEmpty() ? 0 : (double) outside / all.size();
  }

  private Map<String, int[]> hits() {
    Map<String, int[]> hits = new TreeMap<>();
    for (RunReport report : reports) {
      for (Moment moment : report.moments()) {
        int[] counts =
            hits.computeIfAbsent(
                moment.disturbance().kind() + "@" + moment.step(), new_ -> new int[2]);
        counts[0]++;
        counts[1] += report.violations().isEmpty() ? 0 : 1;
      }
    }
    return hits;
  }

  private String line(String what, Function<RunReport, Optional<Duration>> of) {
    List<Duration> times = reports.stream().map(of).flatMap(Optional::stream).sorted().toList();
    return what + ": " + TimeFormat.of(times) + "\n";
  }

  synchronized void write(Path file) throws IOException {
    List<Map<String, Object>> runs = new ArrayList<>();
    for (RunReport report : reports) {
      Map<String, Object> run = new LinkedHashMap<>();
      run.put("seed", report.plan().seed());
      run.put("command", report.plan().shape().command());
      run.put("dates", report.plan().shape().dates());
      run.put("jobs", report.plan().shape().jobs());
      run.put("pair", report.plan().shape().pair());
      run.put("sideBySide", report.plan().shape().sideBySide());
      run.put("handOver", report.plan().handOver());
      run.put("messages", report.messages());
      run.put("notStruck", report.notStruck());
      run.put("states", report.states());
      run.put(
          "moments",
          report.moments().stream()
              .map(
                  moment ->
                      Map.of(
                          "what", moment.disturbance().toString(),
                          "line", moment.message().map(each -> each.line().name()).orElse(""),
                          "request", moment.message().map(Message::request).orElse(""),
                          "step", moment.step()))
              .toList());
      run.put("secondsToStopped", report.toStopped().map(TimeFormat::seconds).orElse(null));
      run.put("secondsToLeaseStop", report.toLeaseStop().map(TimeFormat::seconds).orElse(null));
      run.put("secondsToEnd", report.toEnd().map(TimeFormat::seconds).orElse(null));
      run.put("violations", report.violations());
      runs.add(run);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("seed", seed);
    all.put("runs", reports.size());
    all.put("counted", counted);
    all.put("violations", violations());
    all.put("shareOutside", outside());
    all.put("played", runs.stream().filter(Objects::nonNull).toList());
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
  }
}
