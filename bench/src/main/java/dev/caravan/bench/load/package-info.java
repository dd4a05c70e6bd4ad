/**
 * The instrument: a lean HTTP/1.1 load driver on one thread, and what it measured. It knows nothing
 * of batches; any benchmark may use it.
 */
package dev.caravan.bench.load;
