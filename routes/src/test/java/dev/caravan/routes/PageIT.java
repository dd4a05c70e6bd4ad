package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.operations.TestInstallation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of the packaged server in a real browser, over some weeks of history. */
class PageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String HOSTILE_LINE =
      "</div><script>document.title='broken'</script> \u001b[31mred\u001b[0m \u202Eevil";
  private static final int LINES = 3_000;

  @TempDir static Path directory;
  private static LocalWorld world;
  private static Path go;
  private static URI server;
  private static Relay relay;
  private static PageBrowser browser;

  @BeforeAll
  static void start() throws Exception {
    go = directory.resolve("go");
    Path lines = directory.resolve("lines");
    Files.write(
        lines,
        Stream.concat(
                IntStream.range(0, LINES).mapToObj(i -> "line number " + i),
                Stream.of(HOSTILE_LINE, "x".repeat(1_000_000)))
            .toList());
    world = LocalWorld.create(directory);
    world.job("mart", "tell " + lines + " " + go).schedule("cron", "0 0 1 1 *");
    Path credentials = directory.resolve("api.properties");
    Files.writeString(credentials, "bearer.viewer=see\nrights.viewer=read\nbearer.team=do\n");
    world.set("caravan.server.credentials-file", credentials.toString());
    PageJournal.write(world.settings(), LocalWorld.PIPELINE);
    world.start("serve");
    Path file = directory.resolve("server.json");
    Awaitility.await().atMost(PATIENCE).until(() -> ServerFile.read(file).isPresent());
    server = ServerFile.read(file).orElseThrow().address();
    relay = new Relay(server);
    browser = new PageBrowser(relay.address(), directory.resolve("profile"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (relay != null) {
      relay.close();
    }
    world.close();
  }

  @BeforeEach
  void signIn() {
    browser.forgetCookies();
    browser.device(1280, "light");
    signIn("do");
    browser.complaints();
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertThat(browser.complaints()).filteredOn(entry -> !entry.contains("net::ERR_")).isEmpty();
  }

  private static void signIn(String token) {
    browser.open("/page/cost");
    assertThat(browser.path()).isEqualTo("/page/sign-in?next=%2Fpage%2Fcost");
    browser.find("#secret").sendKeys(token, Keys.ENTER);
    until("h1", "Cost of");
    assertThat(browser.path()).isEqualTo("/page/cost");
  }

  /** Waits until the element has this text in it, whether the page is loaded anew or not. */
  private static void until(String css, String text) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(browser.all(css))
                    .as(() -> css + " of " + browser.path() + ": " + browser.state())
                    .extracting(WebElement::getText)
                    .anyMatch(found -> found.contains(text)));
  }

  private static void act(String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server + "/api/v1" + path))
                    .header("Authorization", "Bearer do")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"note\":\"from elsewhere\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void runIsAskedForFollowedAndReadToItsEnd() throws Exception {
    browser.open("/");
    browser.click(By.linkText(LocalWorld.PIPELINE));
    until("h1", "Pipeline " + LocalWorld.PIPELINE);
    browser.click(By.linkText("Run"));
    browser.find("#f-date").sendKeys("2026-01-02");
    browser.find("#f-note").sendKeys("for the report");
    browser.click("main button");

    until("h1", "Run " + LocalWorld.PIPELINE + "/2026-01-02/1");
    browser.script("window.notLoadedAnew = true");
    until("#jobs h3", "running");
    until("#summary", "by hand by team");
    assertThat(browser.all("#picture svg .b-start")).isNotEmpty();

    browser.click("#jobs a[href*='/log']");
    until("#log", "characters: download the log");
    assertThat(browser.find("#log").getText())
        .contains("</div><script>document.title='broken'</script> red ⟨U+202E⟩evil");
    assertThat(browser.all("#log script")).isEmpty();
    assertThat(browser.title()).startsWith("Log of mart");
    // It begins at the end, and stays there while the log grows.
    Awaitility.await().atMost(PATIENCE).until(() -> bottom() < 40);

    // A search that meets the log while it is looked at again.
    browser.find("#needle").sendKeys("number 17");
    browser.script(SLOW_LOG);
    Awaitility.await().atMost(PATIENCE).until(() -> (Boolean) browser.script("return slow.asked"));
    browser.find("#needle").sendKeys(Keys.ENTER);
    until(".line.found", "line number 17");
    browser.script("window.fetch = slow.fetch");
    assertThat(browser.find("#log-found").getText()).startsWith("line ");
    String total = browser.find("#log-total").getText();
    long place = place();
    Path fresh = Files.writeString(directory.resolve("fresh"), "what comes later\n");
    Files.move(fresh, directory.resolve("lines.more"));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !browser.find("#log-total").getText().equals(total));
    assertThat(place()).as("a reader is not taken away from where he reads").isEqualTo(place);
    browser.click("#log-last");
    until("#log", "what comes later");
    Awaitility.await().atMost(PATIENCE).until(() -> bottom() < 40);
    Files.createFile(go);

    browser.open("/page/runs/" + LocalWorld.PIPELINE + "/2026-01-02/1");
    browser.script("window.notLoadedAnew = true");
    until("#summary .big", "succeeded");
    until("#events", "cluster is STOPPED");
    assertThat(browser.script("return window.notLoadedAnew")).isEqualTo(true);
  }

  /** Each part of the log takes a second from here on. */
  private static final String SLOW_LOG =
      """
      window.slow = { fetch: window.fetch.bind(window), asked: false };
      window.fetch = (address, options) => {
        if (!String(address).includes("/lines")) return slow.fetch(address, options);
        slow.asked = true;
        return new Promise(done => setTimeout(done, 1000)).then(() => slow.fetch(address, options));
      };
      """;

  private static long place() {
    return (Long) browser.script("return Math.round(document.getElementById('log').scrollTop)");
  }

  private static long bottom() {
    return (Long)
        browser.script(
            "const log = document.getElementById('log');"
                + " return Math.round(log.scrollHeight - log.scrollTop - log.clientHeight)");
  }

  @Test
  void pageComesUpToDateAfterALostConnectionAndStaysWhereItIs() throws Exception {
    browser.device(390, "dark");
    browser.open("/page/pipelines");
    browser.script(
        "window.notLoadedAnew = true; document.querySelector('#pipelines th a').focus()");
    Awaitility.await().atMost(PATIENCE).until(() -> connected().equals("true"));

    act("/pipelines/" + LocalWorld.PIPELINE + "/pause");
    until("#pipelines", "paused");
    relay.refuse();
    until("#connection", "The connection is lost");
    act("/pipelines/" + LocalWorld.PIPELINE + "/resume");
    relay.mend();
    Awaitility.await().atMost(PATIENCE).until(() -> connected().equals("true"));
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !browser.find("#pipelines").getText().contains("paused"));

    assertThat(browser.find("#connection").isDisplayed()).isFalse();
    assertThat(browser.script("return window.notLoadedAnew")).isEqualTo(true);
    assertThat(browser.script("return document.activeElement.textContent"))
        .as("the focus stays")
        .isEqualTo(LocalWorld.PIPELINE);
  }

  /** What is pressed stays where it is until the button is let go, else the click is lost. */
  @Test
  void clickIsNotLostToAnUpdate() throws Exception {
    browser.device(1280, "light");
    browser.open("/page/pipelines");
    Awaitility.await().atMost(PATIENCE).until(() -> connected().equals("true"));
    browser.script(
        "window.looked = false; const asked = window.fetch.bind(window);"
            + " window.fetch = address => asked(address).finally(() => window.looked = true)");

    browser.press("#pipelines th a");
    act("/pipelines/" + LocalWorld.PIPELINE + "/pause");
    Awaitility.await().atMost(PATIENCE).until(() -> (Boolean) browser.script("return looked"));
    browser.letGo();
    until("h1", "Pipeline " + LocalWorld.PIPELINE);
    act("/pipelines/" + LocalWorld.PIPELINE + "/resume");
  }

  private static String connected() {
    return String.valueOf(browser.script("return document.body.dataset.connected"));
  }

  @Test
  void readerSeesNoActionAndAForgedFormIsRefused() {
    browser.forgetCookies();
    signIn("see");
    browser.open("/page/pipelines/" + LocalWorld.PIPELINE);
    assertThat(browser.all("a.button, main button")).isEmpty();

    browser.forgetCookies();
    signIn("do");
    browser.open("/page/do/pipelines/" + LocalWorld.PIPELINE + "/pause");
    browser.script("document.querySelector('main input[name=formToken]').value = 'forged'");
    browser.click("main button");
    until("[role=alert]", "This form was not made for you");
    browser.complaints();

    browser.open("/");
    assertThat(browser.find("#due").getText()).doesNotContain("paused");
    browser.click(".who button");
    until("h1", "Sign in");
    browser.open("/");
    assertThat(browser.path()).isEqualTo("/page/sign-in?next=%2F");
  }

  @Test
  void pagesFitAPhoneAndCanBeUsedByKeyboard() {
    browser.device(390, "light");
    String failed =
        "/page/runs/%s/%s/1".formatted(LocalWorld.PIPELINE, PageJournal.date(PageJournal.DAYS - 1));
    for (String path :
        List.of(
            "/",
            failed,
            "/page/pipelines/" + LocalWorld.PIPELINE,
            "/page/backfills",
            "/page/cost",
            "/page/do/pipelines/" + LocalWorld.PIPELINE + "/pause")) {
      browser.open(path);
      assertThat(browser.overflow()).as(path).isZero();
      assertThat(browser.all("main script, main img, main iframe")).as(path).isEmpty();
      assertThat(browser.script(NAMELESS)).as("%s: elements without a name", path).isEqualTo(0L);
    }
    browser.open(failed);
    browser.find("body").sendKeys(Keys.TAB);
    assertThat(browser.script("return document.activeElement.textContent"))
        .isEqualTo("Skip to the content");
  }

  @Test
  @EnabledIfSystemProperty(
      named = "caravan.screenshots",
      matches = ".+",
      disabledReason = "It only makes pictures to look at, in the directory that this names.")
  void picturesAreMade() throws Exception {
    Path pictures = Path.of(System.getProperty("caravan.screenshots"));
    TestInstallation priced =
        TestServer.installation(Files.createDirectory(directory.resolve("priced")))
            .set("caravan.cluster.main.price.hour", "36")
            .set("caravan.cluster.main.price.disks-hour", "2.985");
    priced.limit("{ month: 400, warn-at: 50 }");
    PageJournal.write(priced.read(), "marts");
    try (TestServer other = TestServer.start(priced);
        PageBrowser guest = new PageBrowser(other.address(), directory.resolve("guest"))) {
      PageScreenshots.makePriced(guest, "marts", pictures);
    }
    PageScreenshots.make(browser, LocalWorld.PIPELINE, pictures);
  }

  /** Without a price there are no amounts, so that no column is cut. */
  @Test
  void tablesOfTheCostFitAPhone() {
    browser.device(390, "light");
    browser.open("/page/cost");
    assertThat(browser.all(".scroll.narrow table")).isNotEmpty();
    assertThat(browser.script(CUT)).isEqualTo(0L);
  }

  /** How many tables are wider than what is seen of them. */
  private static final String CUT =
      """
      return [...document.querySelectorAll('.scroll.narrow')]
        .filter(each => each.scrollWidth > each.clientWidth).length
      """;

  /** How many elements that one can use, or that show something, have no name to be read out. */
  private static final String NAMELESS =
      """
      return [...document.querySelectorAll('a, button, input:not([type=hidden]), select, svg[role=img], table')]
        .filter(each => !(each.textContent.trim() || each.getAttribute('aria-label')
          || (each.labels && each.labels.length) || each.querySelector('caption'))).length
      """;
}
