package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.routes.operations.TestInstallation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page without a browser, where no credentials are needed. */
class PageTest {
  @TempDir private static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    TestInstallation installation =
        TestServer.installation(directory)
            .set("caravan.cluster.main.price.hour", "36")
            .set("caravan.cluster.main.price.currency", "EUR");
    installation.limit("{ month: 1000, warn-at: 50 }");
    PageJournal.write(installation.read(), "marts");
    server = TestServer.start(installation);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String last() {
    return "marts/" + PageJournal.date(PageJournal.DAYS - 1) + "/1";
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return server.send(server.page(path).build());
  }

  private static String ok(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void firstPageTellsClustersRunsPipelinesAndAlarms() throws Exception {
    assertThat(ok("/"))
        .contains("<h3>main</h3>", "STOPPED", "EUR")
        .contains("href=\"/page/pipelines/marts\"")
        .contains("href=\"/page/runs/" + last() + "\"")
        .contains("Nothing runs or waits.");
  }

  @Test
  void runTellsItsJobsOutputsEventsAndPicture() throws Exception {
    String run = ok("/page/runs/" + last());

    assertThat(run)
        .contains("Continue with what failed", "Run again, all jobs")
        .contains("aria-label=\"mart: waits for load")
        .contains("class=\"b-failed\"", "class=\"b-start\"", "class=\"b-usual\"")
        .contains("at least 3 rows")
        .contains("application_17_")
        .contains("cluster is STOPPED");
  }

  @Test
  void pipelineTellsItsDatesScheduleAndHistory() throws Exception {
    String month = ok("/page/pipelines/marts");

    assertThat(month)
        .contains(
            "Every day at 03:30 (30 3 * * *), in the time zone Europe/Berlin.",
            "Of the times that are missed")
        .contains("<strong>Duration</strong>", "<strong>Rows</strong>", "Cost per run")
        .contains("<strong>mart</strong>, needs load")
        .contains("schedule: { cron:")
        .contains("<small>run 2</small>")
        .contains("Budget of this month", " of 1\u202f000.00 EUR spent, ", "warned at 50 %.");
    assertThat(dates(month)).isEqualTo(31);
    assertThat(dates(ok("/page/pipelines/marts?days=366"))).isEqualTo(366);
    assertThat(dates(ok("/page/pipelines/marts?days=100000"))).isEqualTo(31);
  }

  private static int dates(String page) {
    return page.split("<th scope=\"row\" class=\"nowrap\">", -1).length - 1;
  }

  @Test
  void failedJobIsSeenInTheGridWithItsReason() throws Exception {
    assertThat(ok("/page/pipelines/marts"))
        .contains("mart: failed, 1 min 30 s, exit code 1: &lt;script>")
        .contains("s-failed", "s-cancelled", "no run");
  }

  @Test
  void backfillIsPlannedWithReasonsAndDoneOnceItIsStarted() throws Exception {
    LocalDate first = PageJournal.date(5);
    String plan =
        ok("/page/backfills/plan?pipeline=marts&from=%s&to=%s".formatted(first, first.plusDays(4)));
    assertThat(plan)
        .contains("2 of 5 dates run", "is left out", "Start the backfill")
        .containsPattern("It is expected to cost <strong class=\"nowrap\">[\\d.]+ EUR</strong>");

    HttpResponse<String> started =
        send(
            "/page/do/backfills",
            "formToken=%s&key=%s&pipeline=marts&from=%s&to=%s&only=UNFINISHED&name=ann"
                .formatted(field(plan, "formToken"), field(plan, "key"), first, first.plusDays(4)));

    assertThat(started.statusCode()).as(started.body()).isEqualTo(303);
    String place = started.headers().firstValue("Location").orElseThrow();
    assertThat(place).matches("/page/backfills/\\d+");
    assertThat(ok(place))
        .contains("2: 2 queued", "/page/do" + place.substring(5) + "/cancel", "ann");
    assertThat(ok("/page/backfills")).contains("href=\"" + place + "\"");
  }

  @Test
  void backfillWithoutItsDatesIsRefusedInASentence() throws Exception {
    HttpResponse<String> refused = get("/page/backfills/plan?pipeline=marts&from=2026-01-01");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("The last date of the backfill is missing.");
  }

  @Test
  void costTellsWhatTheTimeWentInto() throws Exception {
    String month = YearMonth.from(PageJournal.date(PageJournal.DAYS - 1)).toString();

    assertThat(ok("/page/cost?month=" + month))
        .contains(
            "ready but idle", "failed jobs", "Never stopped", "EUR", "Estimates at the prices")
        .contains(
            "Budgets of " + month, ">Share</th>", "1\u202f000.00<span class=\"wide\"> EUR</span>")
        .contains("href=\"/page/pipelines/marts\"");
    assertThat(get("/page/cost?month=13").statusCode()).isEqualTo(400);
  }

  @Test
  void logThatCannotBeReadSaysWhy() throws Exception {
    HttpResponse<String> log = get("/page/runs/" + last() + "/jobs/mart/log");

    assertThat(log.statusCode()).isEqualTo(404);
    assertThat(log.body()).contains("No log address is known of job mart");
  }

  @Test
  void wordsOfTheOtherSideAreText() throws Exception {
    String run = ok("/page/runs/" + last());

    assertThat(run)
        .contains("&lt;script&gt;alert", " red ⟨U+202E⟩evil", "&lt;img src=x onerror")
        .doesNotContain("<script>alert", "<img", "\u001b", "\u202e", "[31m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page/nothing", "/page/sign-in", "/page/assets/page.css"})
  void pageMayLoadNothingButThisServersFiles(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; style-src 'self'; script-src 'self';")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.body()).doesNotContainPattern("<[^>]* (style|on\\w+)=");
    assertThat(answer.body()).doesNotContain("<style", "<script>", "http://", "https://");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/nothing",
        "/page/runs/marts/2020-01-01/1",
        "/page/runs/marts",
        "/page/assets/application.properties",
        "/page/assets/..%2fapplication.properties",
        "/page/assets/",
        "/pagefoo"
      })
  void whatIsNotThereIsSaid(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("There is no").doesNotContain("caravan.");
  }

  @Test
  void onlyAChangedPageIsSentAgain() throws Exception {
    HttpResponse<String> css = get("/page/assets/page.css");
    String tag = css.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again =
        server.send(server.page("/page/assets/page.css").header("If-None-Match", tag).build());

    assertThat(css.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/").headers().firstValue("Cache-Control")).contains("private, no-cache");
  }

  private static String field(String page, String name) {
    String start = "name=\"" + name + "\" value=\"";
    int at = page.indexOf(start);
    assertThat(at).as(page).isPositive();
    return page.substring(at + start.length(), page.indexOf('"', at + start.length()));
  }

  private static HttpResponse<String> send(String path, String form, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        server
            .page(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    return server.send(headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  @Test
  void actionIsConfirmedDoneOnceAndKeptWithItsActor() throws Exception {
    String path = "/page/do/pipelines/marts/pause";
    String page = ok(path);
    assertThat(page).contains("<h1>Pause pipeline marts</h1>");
    assertThat(server.journal().queue().pause("marts")).as("a look does nothing").isEmpty();
    String form =
        "formToken=%s&key=%s&name=ann&note=the+source+is+%%3Cdown%%3E"
            .formatted(field(page, "formToken"), field(page, "key"));

    HttpResponse<String> done = send(path, form);

    assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).contains("/page/pipelines/marts");
    assertThat(server.journal().queue().pause("marts").orElseThrow().by()).isEqualTo("ann");
    assertThat(server.journal().queue().pause("marts").orElseThrow().note())
        .isEqualTo("the source is <down>");
    assertThat(ok("/")).contains("the source is &lt;down&gt;");
    server.journal().queue().resume("marts", "c", Optional.empty(), CatchUp.NONE, "ann");
    assertThat(send(path, form).statusCode()).isEqualTo(303);
    assertThat(server.journal().queue().pause("marts")).as("sent twice, done once").isEmpty();
  }

  @Test
  void formsThatThisServerDidNotMakeAreRefused() throws Exception {
    String path = "/page/do/pipelines/marts/pause";
    String token = field(ok(path), "formToken");

    assertThat(send(path, "key=k1").statusCode()).isEqualTo(403);
    assertThat(send(path, "key=k2&formToken=" + "0".repeat(64)).statusCode()).isEqualTo(403);
    assertThat(
            send(path, "key=k3&formToken=" + token, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(
            server
                .post("/pipelines/marts/pause", "formToken=" + token, "Origin", "null")
                .statusCode())
        .isEqualTo(403);
    assertThat(server.journal().queue().pause("marts")).isEmpty();
  }

  @Test
  void refusalOfAnActionIsSaid() throws Exception {
    String path = "/page/do/runs";
    String page = ok(path + "?pipeline=marts&date=2026-01-01");
    assertThat(field(page, "date")).isEqualTo("2026-01-01");

    HttpResponse<String> refused =
        send(
            path,
            "formToken=%s&key=%s&pipeline=marts&date=yesterday"
                .formatted(field(page, "formToken"), field(page, "key")));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("is not a date of the form YYYY-MM-DD");
  }
}
