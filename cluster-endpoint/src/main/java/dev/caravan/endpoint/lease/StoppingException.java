package dev.caravan.endpoint.lease;

import dev.caravan.shared.batches.SelfStop;

/** The endpoint has begun to stop its cluster, which takes no work any more (HTTP 503). */
public final class StoppingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppingException(SelfStop why) {
    super("this cluster is being stopped, since " + why.reason());
  }
}
