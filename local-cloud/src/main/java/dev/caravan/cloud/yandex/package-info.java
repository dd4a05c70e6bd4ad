/**
 * A Yandex Cloud API for a laptop and for tests: tokens, one or more Data Proc clusters, their
 * operations, over gRPC with TLS. It emulates the service and can be told to misbehave while it
 * runs; it knows nothing of Caravan's own code. Tests and the demo may come in; production code
 * never does.
 */
package dev.caravan.cloud.yandex;
