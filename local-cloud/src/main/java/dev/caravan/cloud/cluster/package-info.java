/**
 * The cluster behind the emulated Yandex API: Start really launches the endpoint and Spark, Stop
 * really ends them. The demo and tests come in. Our own endpoint is known by its jar's path, its
 * settings and its HTTP only. Linux and macOS; anything that a machine's stop would end, ends here
 * too.
 */
package dev.caravan.cloud.cluster;
