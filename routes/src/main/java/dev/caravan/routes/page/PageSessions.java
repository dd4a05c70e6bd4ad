package dev.caravan.routes.page;

import dev.caravan.shared.Sha256;
import dev.caravan.shared.http.Caller;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who has signed in at the page, in the memory of this process. The journal of a browser's cookies
 * is not copied anywhere: only the digest of each is kept. For use by many threads.
 */
public final class PageSessions {
  public static final String COOKIE = "caravan-session";

  private static final Duration LONGEST = Duration.ofHours(12);
  private static final int MOST = 1_000;
  private static final int BYTES = 32;
  private static final String TOKEN = "formToken";

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final String tokenOfOthers = newSecret();
  private final Clock clock;
  private final boolean secure;

  /**
   * @param secure whether the server speaks TLS
   */
  public PageSessions(Clock clock, boolean secure) {
    this.clock = clock;
    this.secure = secure;
  }

  private record Session(Caller caller, Instant endsAt) {}

  private String newSecret() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Who sends this cookie; empty if nobody has signed in with it, or too long ago. */
  public Optional<Caller> find(String cookie) {
    return Optional.ofNullable(sessions.get(Sha256.hex(cookie)))
        .filter(session -> session.endsAt().isAfter(clock.instant()))
        .map(Session::caller);
  }

  /**
   * Signs in.
   *
   * @return the value of the header that sets the cookie
   */
  String begin(Caller caller) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> !session.endsAt().isAfter(now));
    if (sessions.size() >= MOST) {
      sessions.entrySet().stream()
          .min(Comparator.comparing(each -> each.getValue().endsAt()))
          .ifPresent(oldest -> sessions.remove(oldest.getKey()));
    }
    String cookie = newSecret();
    User user =
        User.create(
            new JsonObject()
                .put("name", caller.name())
                .put("rights", caller.rights().name())
                .put(TOKEN, newSecret()));
    sessions.put(
        Sha256.hex(cookie),
        new Session(new Caller(caller.name(), caller.rights(), user), now.plus(LONGEST)));
    return header(cookie, LONGEST);
  }

  /**
   * Signs out, on the server, too.
   *
   * @return the value of the header that removes the cookie
   */
  String end(Caller caller) {
    sessions.values().removeIf(session -> formToken(session.caller()).equals(formToken(caller)));
    return header("", Duration.ZERO);
  }

  private String header(String value, Duration age) {
    return COOKIE
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + age.toSeconds()
        + (secure ? "; Secure" : "");
  }

  boolean isSignedIn(Caller caller) {
    return caller.user().principal().containsKey(TOKEN);
  }

  /**
   * What a form must bring back, so that no other site can send one: each sign-in has its own, and
   * callers who sign in otherwise share that of this process.
   */
  String formToken(Caller caller) {
    return caller.user().principal().getString(TOKEN, tokenOfOthers);
  }
}
