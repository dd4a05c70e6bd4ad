package dev.caravan.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of the pages, in three widths, light and dark, for people to look at. */
final class PageScreenshots {
  private PageScreenshots() {}

  /** Makes them of a pipeline that {@link PageJournal} wrote. */
  static void make(PageBrowser browser, String pipeline, Path pictures) throws IOException {
    make(browser, pages(pipeline), pictures);
  }

  /** Those that look different with a price and a budget. */
  static void makePriced(PageBrowser browser, String pipeline, Path pictures) throws IOException {
    Map<String, String> pages = new LinkedHashMap<>();
    pages(pipeline)
        .forEach(
            (name, path) -> {
              if (List.of("now", "pipeline", "plan", "cost").contains(name)) {
                pages.put("priced-" + name, path);
              }
            });
    make(browser, pages, pictures);
  }

  private static void make(PageBrowser browser, Map<String, String> pages, Path pictures)
      throws IOException {
    for (int width : List.of(390, 1280, 1920)) {
      for (String scheme : List.of("light", "dark")) {
        browser.device(width, scheme);
        for (Map.Entry<String, String> page : pages.entrySet()) {
          browser.open(page.getValue());
          browser.shoot(pictures.resolve("%s-%d-%s.png".formatted(page.getKey(), width, scheme)));
        }
      }
    }
  }

  private static Map<String, String> pages(String pipeline) {
    String run = "/page/runs/" + pipeline + "/%s/1";
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("now", "/");
    pages.put("run-failed", run.formatted(PageJournal.date(PageJournal.DAYS - 1)));
    pages.put("run", run.formatted(PageJournal.date(PageJournal.DAYS - 2)));
    pages.put("pipeline", "/page/pipelines/" + pipeline);
    pages.put("backfills", "/page/backfills");
    pages.put(
        "plan",
        "/page/backfills/plan?pipeline=%s&from=%s&to=%s"
            .formatted(pipeline, PageJournal.date(20), PageJournal.date(36)));
    pages.put("cost", "/page/cost");
    pages.put("confirm", "/page/do/pipelines/" + pipeline + "/pause");
    pages.put("sign-in", "/page/sign-in");
    return pages;
  }
}
