package dev.caravan.shared.cloud;

import java.util.Optional;

/**
 * The cloud's clusters. Every call has a deadline; reads are retried within it, start and stop are
 * sent once. Safe for use by many threads.
 *
 * <p>All methods throw {@link dev.caravan.shared.RetryableException} when the cloud is unavailable
 * or refuses for now (UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, FAILED_PRECONDITION, ALREADY_EXISTS,
 * RESOURCE_EXHAUSTED by rate) and {@link dev.caravan.shared.FatalException} for all else (unknown
 * cluster, credentials, permissions), with the cloud's own words.
 */
public interface Clusters extends AutoCloseable {

  Cluster look(String clusterId);

  /** Requests a start; the cluster's status, not the response, shows the result. */
  Operation start(String clusterId);

  /** Requests a stop; the cluster's status, not the response, shows the result. */
  Operation stop(String clusterId);

  Operation operation(String operationId);

  /** The permanent host name of the cluster's master; empty while the cloud names none. */
  Optional<String> masterHost(String clusterId);

  @Override
  void close();
}
