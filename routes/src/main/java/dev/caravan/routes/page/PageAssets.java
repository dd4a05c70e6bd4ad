package dev.caravan.routes.page;

import dev.caravan.shared.page.PageFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The style, the script and the icon: three files of the class path, and no others. */
final class PageAssets {
  private final Map<String, Asset> byName;

  private record Asset(String name, String type, byte[] bytes) {
    String address() {
      return PagePaths.ASSETS
          + name
          + "?v="
          + PageAnswer.tag(bytes).substring(1, 13); // without its quotes
    }
  }

  PageAssets() {
    this.byName =
        Stream.of(asset(PageFile.STYLE), asset(PageFile.ICON), script())
            .collect(Collectors.toMap(Asset::name, Function.identity()));
  }

  private static Asset asset(PageFile file) {
    return new Asset(file.fileName(), file.type(), file.read());
  }

  private static Asset script() {
    try (InputStream in = PageAssets.class.getResourceAsStream("page.js")) {
      return new Asset("page.js", "text/javascript; charset=utf-8", in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its path, which is another one for each version: a browser keeps it. */
  String address(String name) {
    return byName.get(name).address();
  }

  Optional<PageAnswer> find(String name) {
    return Optional.ofNullable(byName.get(name))
        .map(
            asset ->
                new PageAnswer(
                    200,
                    asset.type(),
                    Map.of(
                        "Cache-Control",
                        "public, max-age=31536000, immutable",
                        "ETag",
                        PageAnswer.tag(asset.bytes())),
                    asset.bytes()));
  }
}
