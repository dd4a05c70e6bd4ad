package dev.caravan.routes;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real Chromium without a window, with a profile of its own, which asks nobody but the server.
 */
final class PageBrowser implements AutoCloseable {
  /** A page replaces a part at most twice per second. */
  private static final int CLICKS = 5;

  private final ChromeDriver driver;
  private final URI server;

  /**
   * @param profile an empty directory
   */
  PageBrowser(URI server, Path profile) {
    this.server = server;
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    // As root there is no sandbox; the rest keeps it from asking for anything in the network.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .build();
    this.driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
  }

  /**
   * As a device of this width sees it.
   *
   * @param scheme {@code light} or {@code dark}
   */
  void device(int width, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  void open(String path) {
    driver.get(server + path);
  }

  void forgetCookies() {
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
  }

  String title() {
    return driver.getTitle();
  }

  String path() {
    URI now = URI.create(driver.getCurrentUrl());
    return now.getRawPath() + (now.getRawQuery() == null ? "" : "?" + now.getRawQuery());
  }

  /** What the page says of itself, for whoever reads a failure. */
  String state() {
    return String.valueOf(
        driver.executeScript(
            "return [...document.querySelectorAll('[role=status], #log-total, #log-state, h1')]"
                + ".map(each => each.textContent).join(' | ') + ' | ' + JSON.stringify(document.body.dataset)"));
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  /** Clicks this element, also when the page replaces it between the driver's two requests. */
  void click(By what) {
    for (int attempt = 1; ; attempt++) {
      try {
        driver.findElement(what).click();
        return;
      } catch (StaleElementReferenceException e) {
        if (attempt == CLICKS) {
          throw e;
        }
      }
    }
  }

  void click(String css) {
    click(By.cssSelector(css));
  }

  /** Holds the mouse down on this element until it is told to let go. */
  void press(String css) {
    new Actions(driver).clickAndHold(find(css)).perform();
  }

  void letGo() {
    new Actions(driver).release().perform();
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  Object script(String text, Object... arguments) {
    return driver.executeScript(text, arguments);
  }

  /**
   * What the browser has complained of since it was asked last: errors of scripts, and of the CSP.
   */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** The whole page, also what one must scroll to. */
  void shoot(Path file) throws IOException {
    Object data =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
            .get("data");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data.toString()));
  }

  /**
   * How much further than its window the page is wide, in pixels: nobody likes to scroll sideways.
   */
  long overflow() {
    return (Long)
        driver.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  @Override
  public void close() {
    driver.quit();
  }
}
