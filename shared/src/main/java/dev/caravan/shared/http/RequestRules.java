package dev.caravan.shared.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** What a server asks of a request beyond its credentials. Runs on the event loop. */
public interface RequestRules {

  /** The least rights that the request needs. */
  Rights needed(RoutingContext context);

  /** Why a caller with fewer rights is refused, in a sentence. */
  String lacking(Caller caller, Rights needed);

  /** Whether the type of its body is one that the server reads, or there is no body. */
  boolean acceptsType(RoutingContext context);

  /** Why the request is refused whoever sends it; empty if it isn't. */
  default Optional<String> forbidden(RoutingContext context) {
    return Optional.empty();
  }

  /** The caller of a request without an Authorization header, if it is known otherwise. */
  default Optional<Caller> signedIn(RoutingContext context) {
    return Optional.empty();
  }

  /** Whether the request is answered to anybody, whoever that is. */
  default boolean isOpen(RoutingContext context) {
    return false;
  }

  /** Where a caller without credentials is sent to show some; empty: it is refused. */
  default Optional<String> signIn(RoutingContext context) {
    return Optional.empty();
  }
}
