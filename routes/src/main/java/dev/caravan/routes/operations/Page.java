package dev.caravan.routes.operations;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param next asks for what follows; empty: nothing does
 */
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }
}
