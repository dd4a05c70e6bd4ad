/**
 * A stock Livy for tests and measurements, in a process of its own, and the Spark home that it
 * starts its batches with. Tests and the benchmark come in. Nothing of ours is in it: it is only
 * ever reached as Livy is, over HTTP.
 */
package dev.caravan.cloud.livy;
