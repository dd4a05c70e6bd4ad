/** The server of {@code caravan serve}: its start, its memory, and the answers of its API. */
package dev.caravan.bench.server;
