package dev.caravan.routes.operations;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param next asks for what follows; empty: nothing does
 */
public record ListPage<T>(List<T> items, Optional<String> next) {
  public ListPage {
    items = List.copyOf(items);
  }
}
