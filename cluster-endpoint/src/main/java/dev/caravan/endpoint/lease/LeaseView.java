package dev.caravan.endpoint.lease;

import dev.caravan.endpoint.yarn.YarnApplication;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The lease and the work on the cluster, as they were seen last.
 *
 * @param batches numbers of the batches that are not finished
 * @param foreign YARN applications that belong to no batch; empty, too, if YARN is not known
 * @param applicationsKnown whether YARN was asked and answered
 * @param armed whether the endpoint stops its cluster by itself
 * @param stopsAt when, if nothing changes
 * @param stopping why the cluster is being stopped
 */
public record LeaseView(
    Optional<Renewal> renewal,
    boolean lapsed,
    List<Integer> batches,
    List<YarnApplication> foreign,
    boolean applicationsKnown,
    boolean armed,
    Optional<Instant> stopsAt,
    Optional<String> stopping) {}
