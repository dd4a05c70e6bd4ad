/**
 * A PostgreSQL server on this machine, for tests of what several orchestrators share. Who may come
 * in: tests.
 */
package dev.caravan.cloud.postgres;
