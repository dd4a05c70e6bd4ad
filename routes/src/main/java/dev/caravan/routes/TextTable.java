package dev.caravan.routes;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in columns wide enough for them; numbers stand to the right. */
final class TextTable {
  private TextTable() {}

  static String of(List<String> head, List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, head.size())
            .map(
                column ->
                    Math.max(
                        head.get(column).length(),
                        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)))
            .toArray();
    StringBuilder text = new StringBuilder(line(head, widths));
    text.append(IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ")))
        .append('\n');
    rows.forEach(row -> text.append(line(row, widths)));
    return text.toString();
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size())
            .mapToObj(
                column -> {
                  String cell = cells.get(column);
                  String padding = " ".repeat(widths[column] - cell.length());
                  return cell.matches("[\\d,.]+") ? padding + cell : cell + padding;
                })
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + "\n";
  }
}
