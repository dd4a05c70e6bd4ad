package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.operations.TestInstallation;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sees the page, and who may do what there. */
class PageSignInTest {
  @TempDir private static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    TestInstallation installation = TestServer.installation(directory);
    installation.write(
        "secrets/api.properties",
        "bearer.viewer=see\nrights.viewer=read\nbearer.team=do\nbasic.ann=p\u00e4ss:word\n");
    server =
        TestServer.start(
            installation.set("caravan.server.credentials-file", "secrets/api.properties"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = server.page(path).header("Accept", "text/html,*/*");
    return server.send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  private static HttpResponse<String> post(String path, String form, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        server
            .page(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    return server.send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  private static HttpResponse<String> signIn(String user, String secret) throws Exception {
    return post(
        "/page/sign-in",
        "user=%s&secret=%s&next=%%2Fpage%%2Fcost"
            .formatted(
                URLEncoder.encode(user, StandardCharsets.UTF_8),
                URLEncoder.encode(secret, StandardCharsets.UTF_8)));
  }

  private static String cookie(HttpResponse<String> answer) {
    return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
  }

  private static String token(String page) {
    return page.replaceAll("(?s).*name=\"formToken\" value=\"([^\"]*)\".*", "$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page/cost?month=2026-01", "/page/nothing", "/page/assets"})
  void browserWithoutCredentialsIsSentToTheSignIn(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Location"))
        .contains("/page/sign-in?next=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
  }

  @Test
  void signInIsRememberedInACookieThatScriptsDoNotSee() throws Exception {
    HttpResponse<String> answer = signIn("", "do");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/page/cost");
    assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200")
        .doesNotContain("Secure");
    String page = get("/", "Cookie", cookie(answer)).body();
    assertThat(page).contains("<span>team</span>", "Sign out");
  }

  @Test
  void passwordSignsInAsWell() throws Exception {
    String cookie = cookie(signIn("ann", "p\u00e4ss:word"));

    assertThat(get("/", "Cookie", cookie).body()).contains("<span>ann</span>");
  }

  @ParameterizedTest
  @CsvSource({"'', wrong", "'', ''", "ann, do", "team, do"})
  void wrongCredentialsAreRefused(String user, String secret) throws Exception {
    HttpResponse<String> answer = signIn(user, secret);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(answer.body()).contains("This token is wrong").doesNotContain("value=\"do\"");
  }

  @Test
  void readerLooksAndDoesNothing() throws Exception {
    String cookie = cookie(signIn("", "see"));
    String pipeline = get("/page/pipelines/marts", "Cookie", cookie).body();

    assertThat(pipeline).contains("<h1>Pipeline marts</h1>").doesNotContain("/page/do/");
    assertThat(get("/page/do/pipelines/marts/pause", "Cookie", cookie).statusCode()).isEqualTo(403);
    HttpResponse<String> refused =
        post(
            "/page/do/pipelines/marts/pause",
            "key=k&formToken=" + token(pipeline),
            "Cookie",
            cookie);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(server.journal().queue().pause("marts")).isEmpty();
  }

  @Test
  void actionIsKeptUnderTheCredentialsNameAndWithItsOwnFormAlone() throws Exception {
    String cookie = cookie(signIn("", "do"));
    String own = token(get("/page/do/pipelines/marts/pause", "Cookie", cookie).body());
    String other = token(get("/", "Cookie", cookie(signIn("", "do"))).body());
    String path = "/page/do/pipelines/marts/pause";

    assertThat(post(path, "key=s1&formToken=" + other, "Cookie", cookie).statusCode())
        .as("another sign-in's form")
        .isEqualTo(403);
    assertThat(server.journal().queue().pause("marts")).isEmpty();
    assertThat(post(path, "key=s2&name=bob&formToken=" + own, "Cookie", cookie).statusCode())
        .isEqualTo(303);
    assertThat(server.journal().queue().pause("marts").orElseThrow().by()).isEqualTo("team");
    assertThat(
            post(
                    "/page/do/pipelines/marts/resume",
                    "key=s3&catchUp=NONE&formToken=" + own,
                    "Cookie",
                    cookie)
                .statusCode())
        .isEqualTo(303);
    assertThat(server.journal().queue().pause("marts")).isEmpty();
  }

  /** A browser sends the cookie by itself, and the API's bodies have no token. */
  @Test
  void cookieLooksThroughTheApiAndDoesNothingThere() throws Exception {
    String cookie = cookie(signIn("", "do"));

    assertThat(server.get("/runs", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(server.post("/pipelines/marts/pause", "{}", "Cookie", cookie).statusCode())
        .isEqualTo(401);
  }

  @Test
  void signOutEndsTheCookieOnTheServer() throws Exception {
    String cookie = cookie(signIn("", "see"));
    String token = token(get("/", "Cookie", cookie).body());

    assertThat(post("/page/sign-out", "formToken=wrong", "Cookie", cookie).statusCode())
        .isEqualTo(403);
    assertThat(post("/page/sign-out", "formToken=" + token, "Cookie", cookie).statusCode())
        .isEqualTo(303);

    assertThat(get("/", "Cookie", cookie).statusCode()).isEqualTo(303);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/", "https://evil.example", "/\\evil.example", "x"})
  void signInLeadsNowhereElse(String next) throws Exception {
    HttpResponse<String> answer =
        post("/page/sign-in", "secret=see&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));

    assertThat(answer.headers().firstValue("Location")).contains("/");
  }

  /** Paths that are the sign-in's once their dots are resolved. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/cost/../sign-in",
        "/page/pipelines/../assets/x",
        "/page/pipelines/%2e%2e/sign-in",
        "/page/backfills/./../sign-in"
      })
  void nothingElseIsOpenUnderAnotherSpelling(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.body())
        .containsPattern("<h1>(Sign in|Not found)</h1>")
        .doesNotContain("<table", "data-live");
  }

  @Test
  void signInItselfIsOpenWithItsStyle() throws Exception {
    assertThat(get("/page/sign-in").statusCode()).isEqualTo(200);
    assertThat(get("/page/assets/page.css").statusCode()).isEqualTo(200);
    assertThat(get("/page/sign-in/../../").statusCode()).isEqualTo(303);
    assertThat(get("/page/assets/../cost").statusCode()).isEqualTo(303);
  }
}
