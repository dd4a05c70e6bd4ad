package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.EventType;
import java.io.IOException;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A datamart that can be asked for by name. */
public interface Datamart {
  /** Its name on the command line and in the output path. */
  String name();

  /**
   * The event types it reads; it can be made as soon as one of them has a partition in the window.
   */
  Set<EventType> reads();

  /** Its rows for the window of {@code inputs}; lazy. */
  Dataset<Row> rows(Inputs inputs) throws IOException;
}
