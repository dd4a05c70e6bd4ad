package dev.caravan.shared.yandex;

import yandex.cloud.sdk.auth.IamToken;

/**
 * Where IAM tokens come from. May block, within bounds; called only on the token cache's own
 * thread. Fails with a {@link dev.caravan.shared.RetryableException} or a {@link
 * dev.caravan.shared.FatalException}.
 */
@FunctionalInterface
interface TokenSource {
  IamToken fetch();
}
