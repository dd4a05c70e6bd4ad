package dev.caravan.processors.batches;

import java.util.List;

/**
 * What the endpoint says of its cluster's lease.
 *
 * @param lapsed whether nobody has renewed it in time
 * @param foreignApplications YARN applications that run there and belong to no batch of the
 *     endpoint, as a person would name them; empty, too, where YARN can't be asked
 */
public record Lease(boolean lapsed, List<String> foreignApplications) {
  public Lease {
    foreignApplications = List.copyOf(foreignApplications);
  }
}
