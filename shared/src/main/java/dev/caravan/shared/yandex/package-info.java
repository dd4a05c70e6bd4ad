/**
 * The Yandex Cloud client: the SDK's stubs and messages on channels of our own, with deadlines,
 * keep-alive, and credentials that never block a gRPC thread. Only this package knows gRPC; the
 * application builds it once and hands it out as {@link dev.caravan.shared.cloud.Clusters}.
 */
package dev.caravan.shared.yandex;
