/**
 * {@code caravan bench journal}: the journal with 10,000 runs beside the same with 100, on H2 and
 * on PostgreSQL. It calls the journal as the orchestrator does, and knows it and local-cloud, which
 * starts the server.
 */
package dev.caravan.bench.journal;
