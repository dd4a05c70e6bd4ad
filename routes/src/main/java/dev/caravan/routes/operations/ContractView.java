package dev.caravan.routes.operations;

import java.util.List;
import java.util.Optional;

/**
 * What a job promised of an output.
 *
 * @param rowBand how far the rows may be from their usual number, as {@code 0.5..2}
 */
public record ContractView(
    int minObjects, long minBytes, long minRows, Optional<String> rowBand, List<String> columns) {

  public ContractView {
    columns = List.copyOf(columns);
  }
}
