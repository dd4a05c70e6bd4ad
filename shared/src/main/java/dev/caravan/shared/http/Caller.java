package dev.caravan.shared.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;

/** The authenticated caller of a request. */
public record Caller(String name, Rights rights, User user) {

  /** Where no credentials are configured, on loopback only. */
  public static final Caller ANYBODY = new Caller("anybody", Rights.ADMIN);

  /** Who has shown no credentials where some are needed; sees what anybody may see. */
  public static final Caller NOBODY = new Caller("nobody", Rights.READ);

  /** The user that carries it through the server is made once and not for each request. */
  public Caller(String name, Rights rights) {
    this(
        name, rights, User.create(new JsonObject().put("name", name).put("rights", rights.name())));
  }

  /** The one that the filter let in as this user. */
  public static Caller of(User user) {
    return new Caller(
        user.principal().getString("name"),
        Rights.valueOf(user.principal().getString("rights")),
        user);
  }

  /** Whether the caller may end what {@code owner} began. */
  public boolean mayEnd(String owner) {
    return rights == Rights.ADMIN || (rights == Rights.OPERATE && owner.equals(name));
  }
}
