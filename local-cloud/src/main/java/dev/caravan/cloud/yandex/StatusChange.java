package dev.caravan.cloud.yandex;

import java.time.Instant;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.Common.Health;

/**
 * The cluster really was in this status and health from this instant on, whatever the API was told
 * to report.
 */
public record StatusChange(Instant at, Cluster.Status status, Health health) {}
