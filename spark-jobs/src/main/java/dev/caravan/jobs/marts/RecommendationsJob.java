package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.EventType;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which users to recommend to each other. */
public final class RecommendationsJob implements Datamart {
  @Override
  public String name() {
    return "add-to-friends-recommendations-dm";
  }

  @Override
  public Set<EventType> reads() {
    return EnumSet.of(EventType.MESSAGE, EventType.SUBSCRIPTION);
  }

  @Override
  public Dataset<Row> rows(Inputs inputs) throws IOException {
    Dataset<Row> people =
        inputs.held(RecommendationsTransform.people(inputs.timelines(), inputs.subscribers()));
    return new RecommendationsTransform(inputs.cities(), inputs.processedAt())
        .apply(people, inputs.directMessages());
  }
}
