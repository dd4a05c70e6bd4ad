package dev.caravan.routes.cli;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of text in columns wide enough for them; numbers stand to the right. Where that is too wide,
 * each row is a block with one line for each of its columns.
 */
public final class TextTable {
  private static final String GAP = "  ";
  private static final int LEAST_LAST = 12;

  private final List<String> head;
  private final List<List<String>> rows;
  private final int[] widths;

  public TextTable(List<String> head, List<List<String>> rows) {
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

  public boolean fits(int columns) {
    return IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) <= columns;
  }

  /** The same with its last column cut to fit into so many columns, if that makes it readable. */
  TextTable narrowed(int columns) {
    int last = head.size() - 1;
    int left = columns - IntStream.of(widths).limit(last).map(width -> width + GAP.length()).sum();
    if (fits(columns) || left < Math.max(LEAST_LAST, head.get(last).length())) {
      return this;
    }
    return new TextTable(
        head,
        rows.stream()
            .map(
                row ->
                    Stream.concat(row.stream().limit(last), Stream.of(cut(row.get(last), left)))
                        .toList())
            .toList());
  }

  private static String cut(String cell, int width) {
    return cell.length() <= width ? cell : cell.substring(0, width - 1) + "…";
  }

  /** The table if it fits into so many columns, or else the blocks. */
  public String text(int columns) {
    return text(columns, UnaryOperator.identity());
  }

  /**
   * The same, in colours.
   *
   * @param paint adds what takes no room to a cell
   */
  String text(int columns, UnaryOperator<String> paint) {
    if (!fits(columns)) {
      return rows.stream().map(row -> block(row, paint)).collect(Collectors.joining("\n"));
    }
    StringBuilder text = new StringBuilder(line(head, UnaryOperator.identity()));
    text.append(IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining(GAP)))
        .append('\n');
    rows.forEach(row -> text.append(line(row, paint)));
    return text.toString();
  }

  private String line(List<String> cells, UnaryOperator<String> paint) {
    return IntStream.range(0, cells.size())
            .mapToObj(
                column -> {
                  String cell = cells.get(column);
                  String padding = " ".repeat(widths[column] - cell.length());
                  String painted = paint.apply(cell);
                  return cell.matches("[\\d,.]+") ? padding + painted : painted + padding;
                })
            .collect(Collectors.joining(GAP))
            .stripTrailing()
        + "\n";
  }

  private String block(List<String> cells, UnaryOperator<String> paint) {
    int longest = head.stream().mapToInt(String::length).max().orElse(0);
    return IntStream.range(0, cells.size())
        .mapToObj(
            column ->
                head.get(column)
                    + " ".repeat(longest - head.get(column).length())
                    + GAP
                    + paint.apply(cells.get(column))
                    + "\n")
        .collect(Collectors.joining());
  }
}
