package dev.caravan.endpoint.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;

/** Who asks, as the front door found out. */
record Caller(String name, Rights rights) {

  /** Where no credentials are configured, on loopback only. */
  static final Caller ANYBODY = new Caller("anybody", Rights.ADMIN);

  static Caller of(User user) {
    return new Caller(
        user.principal().getString("name"), Rights.valueOf(user.principal().getString("rights")));
  }

  User toUser() {
    return User.create(new JsonObject().put("name", name).put("rights", rights.name()));
  }

  /** Whether the caller may end a batch of {@code owner}. */
  boolean mayEnd(String owner) {
    return rights == Rights.ADMIN || (rights == Rights.SUBMIT && owner.equals(name));
  }
}
