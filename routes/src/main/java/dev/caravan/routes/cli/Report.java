package dev.caravan.routes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.routes.operations.ViewJson;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes what a command found, in the format that was asked for.
 *
 * @param err for what isn't the answer itself
 */
record Report(
    PrintWriter out, PrintWriter err, OutputFormat format, ZoneId zone, Terminal terminal) {

  /**
   * A list, as a table or all of it.
   *
   * @param none says on stderr that there is nothing
   */
  <T> void list(List<T> items, List<Column<T>> columns, String none) {
    switch (format) {
      case TABLE -> {
        if (items.isEmpty()) {
          err.println(none);
        } else {
          out.print(table(items, columns));
        }
      }
      case CSV -> out.print(csv(items, columns));
      case JSON -> out.println(json(items));
      case YAML -> out.print(yaml(items));
    }
    flush();
  }

  /** A list, as text for people or all of it. */
  <T> void list(List<T> items, List<Column<T>> columns, Supplier<String> text) {
    switch (format) {
      case TABLE -> out.print(text.get());
      case CSV -> out.print(csv(items, columns));
      case JSON -> out.println(json(items));
      case YAML -> out.print(yaml(items));
    }
    flush();
  }

  /**
   * One thing: all of it, or what a person reads of it.
   *
   * @param columns of the one line of a CSV
   */
  <T> void one(T view, List<Column<T>> columns, Supplier<String> text) {
    switch (format) {
      case TABLE -> out.print(text.get());
      case CSV -> out.print(csv(List.of(view), columns));
      case JSON -> out.println(json(view));
      case YAML -> out.print(yaml(view));
    }
    flush();
  }

  /** A table as wide as the terminal at most. */
  <T> String table(List<T> items, List<Column<T>> columns) {
    TextTable table =
        new TextTable(
            columns.stream().map(Column::name).toList(),
            items.stream()
                .map(item -> columns.stream().map(column -> column.forPeople(item, zone)).toList())
                .toList());
    return table
        .narrowed(terminal.columns())
        .text(terminal.columns(), terminal.colours() ? Colours::paint : UnaryOperator.identity());
  }

  private static <T> String csv(List<T> items, List<Column<T>> columns) {
    StringBuilder text =
        new StringBuilder(
            columns.stream()
                .map(column -> column.name().replace(' ', '_'))
                .collect(Collectors.joining(",", "", "\n")));
    for (T item : items) {
      text.append(
          columns.stream()
              .map(column -> quoted(column.plain(item)))
              .collect(Collectors.joining(",", "", "\n")));
    }
    return text.toString();
  }

  /** As RFC 4180 has it. */
  private static String quoted(String cell) {
    return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static String json(Object view) {
    try {
      return ViewJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(view);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A view is always JSON", e);
    }
  }

  private static String yaml(Object view) {
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(ViewJson.mapper().convertValue(view, Object.class));
  }

  private void flush() {
    out.flush();
    err.flush();
  }
}
