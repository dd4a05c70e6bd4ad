package dev.caravan.routes.page;

import dev.caravan.shared.http.Caller;

/** Does an action of the page as the API does it: with its checks, rights and idempotency. */
public interface PageActions {

  /**
   * What is to be done.
   *
   * @param path of the API's call, below its root
   * @param json its body
   * @param name under which a caller acts who has no name of its own
   * @param key the idempotency key
   */
  record Action(String path, String json, Caller caller, String name, String key) {}

  /**
   * How it was answered.
   *
   * @param status of HTTP
   * @param json a view, or problem details
   */
  record Outcome(int status, String json) {}

  /** Never throws. */
  Outcome act(Action action);
}
