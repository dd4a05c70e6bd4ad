package dev.caravan.routes;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of text in columns wide enough for them; numbers stand to the right. Where that is too wide,
 * each row is a block with one line for each of its columns.
 */
final class TextTable {
  private static final String GAP = "  ";

  private final List<String> head;
  private final List<List<String>> rows;
  private final int[] widths;

  TextTable(List<String> head, List<List<String>> rows) {
    this.head = head;
    this.rows = rows;
    this.widths =
        IntStream.range(0, head.size())
            .map(
                column ->
                    Math.max(
                        head.get(column).length(),
                        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)))
            .toArray();
  }

  boolean fits(int columns) {
    return IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) <= columns;
  }

  /** The table if it fits into so many columns, or else the blocks. */
  String text(int columns) {
    if (!fits(columns)) {
      return rows.stream().map(this::block).collect(Collectors.joining("\n"));
    }
    StringBuilder text = new StringBuilder(line(head));
    text.append(IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining(GAP)))
        .append('\n');
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private String line(List<String> cells) {
    return IntStream.range(0, cells.size())
            .mapToObj(
                column -> {
                  String cell = cells.get(column);
                  String padding = " ".repeat(widths[column] - cell.length());
                  return cell.matches("[\\d,.]+") ? padding + cell : cell + padding;
                })
            .collect(Collectors.joining(GAP))
            .stripTrailing()
        + "\n";
  }

  private String block(List<String> cells) {
    int longest = head.stream().mapToInt(String::length).max().orElse(0);
    return IntStream.range(0, cells.size())
        .mapToObj(
            column ->
                head.get(column)
                    + " ".repeat(longest - head.get(column).length())
                    + GAP
                    + cells.get(column)
                    + "\n")
        .collect(Collectors.joining());
  }
}
