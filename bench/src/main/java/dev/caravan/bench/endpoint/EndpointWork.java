package dev.caravan.bench.endpoint;

import java.io.IOException;

/** One row of the table of goals: brings up what it needs, measures, and leaves nothing running. */
interface EndpointWork {
  void measure(EndpointPlan plan) throws IOException, InterruptedException;
}
