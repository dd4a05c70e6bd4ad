package dev.caravan.jobs.marts;

import dev.caravan.jobs.input.EventType;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where each user is, lives and has travelled. */
public final class UsersDemographicJob implements Datamart {
  @Override
  public String name() {
    return "users-demographic-dm";
  }

  @Override
  public Set<EventType> reads() {
    return EnumSet.of(EventType.MESSAGE);
  }

  @Override
  public Dataset<Row> rows(Inputs inputs) throws IOException {
    return new UsersDemographicTransform(inputs.cities()).apply(inputs.timelines());
  }
}
