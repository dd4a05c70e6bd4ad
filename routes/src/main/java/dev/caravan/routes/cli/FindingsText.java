package dev.caravan.routes.cli;

import dev.caravan.processors.output.Counted;
import dev.caravan.routes.check.Finding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The findings of a check for people: by group, with whole sentences, and a count at the end. */
final class FindingsText {
  private static final int RESULT_WIDTH =
      Arrays.stream(Finding.Result.values()).mapToInt(each -> each.name().length()).max().orElse(0);

  private static final String INDENT = " ".repeat(2 + RESULT_WIDTH + 2);

  /** Narrower, words would stand alone. */
  private static final int LEAST_WIDTH = 40;

  private FindingsText() {}

  static String of(List<Finding> findings, Terminal terminal) {
    StringBuilder text = new StringBuilder();
    for (Finding.Group group : Finding.Group.values()) {
      List<Finding> ofGroup = findings.stream().filter(each -> each.group() == group).toList();
      if (!ofGroup.isEmpty()) {
        text.append(group.name().toLowerCase(Locale.ROOT)).append('\n');
        ofGroup.forEach(finding -> append(text, finding, terminal));
      }
    }
    return text.append('\n').append(summary(findings)).append(".\n").toString();
  }

  private static void append(StringBuilder text, Finding finding, Terminal terminal) {
    String result = finding.result().name().toLowerCase(Locale.ROOT);
    text.append("  ")
        .append(terminal.colours() ? Colours.paint(result) : result)
        .append(" ".repeat(RESULT_WIDTH - result.length() + 2));
    String message = finding.message();
    String sentence =
        message.startsWith(finding.subject()) ? message : finding.subject() + ": " + message;
    text.append(String.join("\n" + INDENT, lines(sentence, terminal.columns()))).append('\n');
    finding
        .key()
        .filter(key -> !key.isEmpty() && !finding.message().contains(key))
        .ifPresent(key -> text.append(INDENT).append("see ").append(key).append('\n'));
  }

  /** Broken between words where the terminal ends. */
  private static List<String> lines(String sentence, int columns) {
    int width =
        columns == Terminal.UNLIMITED ? columns : Math.max(LEAST_WIDTH, columns - INDENT.length());
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : sentence.split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line);
        line = "";
      }
      line = line.isEmpty() ? word : line + " " + word;
    }
    lines.add(line);
    return lines;
  }

  /** The worst first. */
  private static String summary(List<Finding> findings) {
    return findings.stream()
        .collect(Collectors.groupingBy(Finding::result, Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(Comparator.comparing(entry -> -entry.getKey().ordinal()))
        .map(
            entry ->
                switch (entry.getKey()) {
                  case FAULT -> Counted.of(entry.getValue(), "fault");
                  case UNREACHABLE -> entry.getValue() + " unreachable";
                  case WARNING -> Counted.of(entry.getValue(), "warning");
                  case SKIPPED -> entry.getValue() + " skipped";
                  case OK -> entry.getValue() + " ok";
                })
        .collect(Collectors.joining(", "));
  }
}
