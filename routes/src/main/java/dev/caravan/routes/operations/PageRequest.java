package dev.caravan.routes.operations;

import java.util.Optional;

/**
 * Which part of a list is asked for.
 *
 * @param cursor {@link ListPage#next} of the part before; empty: the first
 * @param limit 1 to {@value #MOST}
 */
public record PageRequest(Optional<String> cursor, int limit) {
  public static final int MOST = 500;

  /**
   * @throws OperationException if the limit is out of its bounds
   */
  public PageRequest {
    if (limit < 1 || limit > MOST) {
      throw OperationException.invalid("The limit is 1 to " + MOST + ", not " + limit + ".");
    }
  }

  public static PageRequest first(int limit) {
    return new PageRequest(Optional.empty(), limit);
  }
}
