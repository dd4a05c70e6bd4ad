package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunView;
import java.time.LocalDate;
import java.util.Optional;

/** The run that a person means who names none. */
final class Latest {
  private Latest() {}

  /**
   * The latest one.
   *
   * @param pipeline empty: of any
   * @param date empty: for any
   * @throws OperationException if there is none
   */
  static RunView run(ControlPlane plane, Optional<String> pipeline, Optional<LocalDate> date) {
    return plane.runs(RunFilter.of(pipeline, date), PageRequest.first(1)).items().stream()
        .findFirst()
        .orElseThrow(
            () ->
                new OperationException(
                    OperationException.Reason.NOT_FOUND,
                    "There is no run"
                        + pipeline.map(name -> " of " + name).orElse("")
                        + date.map(day -> " for " + day).orElse("")
                        + "."));
  }
}
