package dev.caravan.cloud.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.caravan.cloud.chaos.RunReport.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What became of the points of a sweep; told as each one ends. For use by many threads. */
final class SweepReport {
  private final List<Played> played = new ArrayList<>();

  private record Played(SweepPoint point, RunReport report, Duration took) {
    Optional<Moment> moment() {
      return report.moments().stream().findFirst();
    }

    String step() {
      return moment().map(Moment::step).orElse("NOT_STRUCK");
    }
  }

  synchronized void add(SweepPoint point, RunReport report, Duration took) {
    Played one = new Played(point, report, took);
    played.add(one);
    String message =
        one.moment()
            .flatMap(Moment::message)
            .map(each -> each.line() + " " + each.request())
            .orElse("");
    System.out.printf(
        Locale.ROOT,
        "%4d  %s  %s  %s  %s  %.1f s%n",
        played.size(),
        point,
        one.step(),
        message.strip(),
        String.join(",", report.states()),
        TimeFormat.seconds(took));
    report.violations().forEach(sentence -> System.out.println("      VIOLATION: " + sentence));
    if (!report.violations().isEmpty()) {
      System.out.println("      repeat with: " + repeat(point));
    }
    System.out.flush();
  }

  private static String repeat(SweepPoint point) {
    return "./caravan chaos --sweep --only " + point;
  }

  synchronized long violations() {
    return played.stream().mapToLong(each -> each.report().violations().size()).sum();
  }

  synchronized String summary() {
    StringBuilder text = new StringBuilder();
    text.append("%nsweep: %d points".formatted(played.size()));
    text.append(", %d violations%nstrikes per step:".formatted(violations()));
    Map<String, Integer> steps = new TreeMap<>();
    played.forEach(each -> steps.merge(each.step(), 1, Integer::sum));
    steps.forEach((step, times) -> text.append(" %s %d".formatted(step, times)));
    text.append("\ntime of a point: ")
        .append(TimeFormat.of(played.stream().map(Played::took).sorted().toList()))
        .append('\n');
    for (Played each : played) {
      if (!each.report().violations().isEmpty()) {
        text.append("repeat with: ").append(repeat(each.point())).append('\n');
      }
    }
    return text.toString();
  }

  synchronized void write(Path file) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("violations", violations());
    all.put(
        "points",
        played.stream()
            .map(
                each ->
                    Map.of(
                        "point", each.point().toString(),
                        "step", each.step(),
                        "states", each.report().states(),
                        "seconds", TimeFormat.seconds(each.took()),
                        "violations", each.report().violations()))
            .toList());
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
  }
}
