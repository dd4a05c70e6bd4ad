package dev.caravan.routes.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Where the page is. */
public final class PagePaths {
  public static final String SIGN_OUT = "/page/sign-out";

  static final String ROOT = "/page";
  static final String SIGN_IN = "/page/sign-in";
  static final String ASSETS = "/page/assets/";

  private PagePaths() {}

  /** Whether this is a path of the page, which a browser asks for. */
  public static boolean isPage(String path) {
    return path.isEmpty() || path.equals("/") || path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** Whether it is answered without credentials: the sign-in, and what that looks like. */
  public static boolean isOpen(String path) {
    return path.equals(SIGN_IN) || path.startsWith(ASSETS);
  }

  /**
   * Where to sign in.
   *
   * @param next path and query that are shown then
   */
  public static String signIn(String next) {
    return SIGN_IN + "?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
  }

  /** Of a run, by its id. */
  static String run(String id) {
    return ROOT + "/runs/" + encoded(id);
  }

  static String log(String run, String job) {
    return run(run) + "/jobs/" + encoded(job) + "/log";
  }

  static String pipeline(String name) {
    return ROOT + "/pipelines/" + encoded(name);
  }

  static String backfill(long id) {
    return ROOT + "/backfills/" + id;
  }

  /**
   * Where an action is confirmed.
   *
   * @param call the path of the API's call below its root
   */
  static String confirm(String call) {
    return ROOT + "/do" + encoded(call);
  }

  /** Where a run of a date is confirmed. */
  static String confirmRun(String pipeline, String date, boolean again) {
    return confirm("/runs")
        + "?pipeline="
        + encoded(pipeline)
        + "&date="
        + encoded(date)
        + "&again="
        + again;
  }

  static String encoded(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  /** The path as it is, if it is one of this server's and no other's; else the first page. */
  static String own(String next) {
    boolean safe =
        next.startsWith("/")
            && !next.startsWith("//")
            && next.chars().noneMatch(each -> each == '\\' || each < ' ');
    return safe ? next : "/";
  }
}
