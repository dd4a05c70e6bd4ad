package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.EventType;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many events of each kind every zone saw, by week and month. */
public final class EventsTotalJob implements Datamart {
  @Override
  public String name() {
    return "events-total-cnt-agg-wk-mnth-dm";
  }

  @Override
  public Set<EventType> reads() {
    return EnumSet.allOf(EventType.class);
  }

  @Override
  public Dataset<Row> rows(Inputs inputs) throws IOException {
    return new EventsTotalTransform(inputs.cities())
        .apply(
            inputs.timelines(),
            inputs.numbers(EventType.REACTION),
            inputs.numbers(EventType.SUBSCRIPTION));
  }
}
