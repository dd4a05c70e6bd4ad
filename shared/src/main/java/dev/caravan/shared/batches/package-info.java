/**
 * What client and server of Livy's batches both know: states, keys, and how a log is framed, paged
 * and shipped.
 */
package dev.caravan.shared.batches;
