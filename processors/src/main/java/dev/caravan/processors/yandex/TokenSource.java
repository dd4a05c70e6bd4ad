package dev.caravan.processors.yandex;

import yandex.cloud.sdk.auth.IamToken;

/**
 * Where IAM tokens come from. May block, within bounds; called only on the token cache's own
 * thread. Fails with a {@link dev.caravan.processors.RetryableException} or a {@link
 * dev.caravan.processors.FatalException}.
 */
@FunctionalInterface
interface TokenSource {
  IamToken fetch();
}
