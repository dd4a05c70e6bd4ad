package dev.caravan.routes;

import dev.caravan.routes.operations.TestInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes screenshots of the pages, in three widths, light and dark, for people to look at
 * (docs/page.md has the command).
 */
final class PageScreenshots {
  private PageScreenshots() {}

  /**
   * @param args the directory for the pictures, then widths in pixels; none: the usual three
   */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ENGLISH);
    Path pictures = Path.of(args[0]);
    Path directory = Files.createTempDirectory("caravan-screenshots-");
    TestInstallation installation =
        TestServer.installation(directory)
            .set("caravan.cluster.main.price.hour", "36")
            .set("caravan.cluster.main.price.disks-hour", "1")
            .set("caravan.cluster.main.price.currency", "EUR");
    PageJournal.write(installation.read(), "marts");
    try (TestServer server = TestServer.start(installation);
        PageBrowser browser = new PageBrowser(server.address(), directory.resolve("profile"))) {
      for (int width : widths(args)) {
        for (String scheme : List.of("light", "dark")) {
          browser.device(width, scheme);
          for (Map.Entry<String, String> page : pages().entrySet()) {
            browser.open(page.getValue());
            browser.shoot(pictures.resolve("%s-%d-%s.png".formatted(page.getKey(), width, scheme)));
            if (browser.overflow() > 0) {
              System.out.println(
                  "%s is %d px too wide at %d".formatted(page.getKey(), browser.overflow(), width));
            }
          }
        }
      }
      browser.complaints().forEach(System.out::println);
    }
  }

  private static List<Integer> widths(String[] args) {
    return args.length == 1
        ? List.of(390, 1280, 1920)
        : Arrays.stream(args).skip(1).map(Integer::valueOf).toList();
  }

  private static Map<String, String> pages() {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("now", "/");
    pages.put("run-failed", "/page/runs/marts/" + PageJournal.date(PageJournal.DAYS - 1) + "/1");
    pages.put("run", "/page/runs/marts/" + PageJournal.date(PageJournal.DAYS - 2) + "/1");
    pages.put("pipeline", "/page/pipelines/marts");
    pages.put("backfills", "/page/backfills");
    pages.put(
        "plan",
        "/page/backfills/plan?pipeline=marts&from=%s&to=%s"
            .formatted(PageJournal.date(20), PageJournal.date(36)));
    pages.put("cost", "/page/cost");
    pages.put("confirm", "/page/do/pipelines/marts/pause");
    pages.put("sign-in", "/page/sign-in");
    return pages;
  }
}
