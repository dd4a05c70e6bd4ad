package dev.caravan.endpoint.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;

/** The authenticated caller of a request. */
record Caller(String name, Rights rights, User user) {

  /** Where no credentials are configured, on loopback only. */
  static final Caller ANYBODY = new Caller("anybody", Rights.ADMIN);

  /** The user that carries it through the server is made once and not for each request. */
  Caller(String name, Rights rights) {
    this(
        name, rights, User.create(new JsonObject().put("name", name).put("rights", rights.name())));
  }

  static Caller of(User user) {
    return new Caller(
        user.principal().getString("name"),
        Rights.valueOf(user.principal().getString("rights")),
        user);
  }

  /** Whether the caller may end a batch of {@code owner}. */
  boolean mayEnd(String owner) {
    return rights == Rights.ADMIN || (rights == Rights.SUBMIT && owner.equals(name));
  }
}
