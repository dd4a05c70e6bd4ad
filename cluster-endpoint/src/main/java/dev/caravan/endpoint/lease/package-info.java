/**
 * The lease on the cluster, and what happens when it lapses: the endpoint stops its own cluster.
 * Who may come in: HTTP reads and renews the lease; nothing else knows of it. The one place of the
 * endpoint that talks to the cloud.
 */
package dev.caravan.endpoint.lease;
