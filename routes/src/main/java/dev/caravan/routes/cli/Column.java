package dev.caravan.routes.cli;

import java.time.ZoneId;
import java.util.function.Function;

/**
 * A column of a table.
 *
 * @param name as people read it
 * @param value an Optional stands for what it holds, or nothing
 */
record Column<T>(String name, Function<T, Object> value) {

  String forPeople(T row, ZoneId zone) {
    return Cells.forPeople(value.apply(row), zone);
  }

  String plain(T row) {
    return Cells.plain(value.apply(row));
  }
}
