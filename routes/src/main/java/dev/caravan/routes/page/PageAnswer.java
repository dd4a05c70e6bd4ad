package dev.caravan.routes.page;

import dev.caravan.shared.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a browser gets.
 *
 * @param body bytes, or a stream of them
 */
record PageAnswer(int status, String type, Map<String, String> headers, Object body) {
  static final String HTML = "text/html; charset=utf-8";
  private static final int TAG_LENGTH = 32;

  /** What may change at any time: a browser asks whether it has. */
  static PageAnswer html(int status, String html) {
    byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
    return new PageAnswer(status, HTML, Map.of(), bytes)
        .with("Cache-Control", "private, no-cache")
        .with("ETag", tag(bytes));
  }

  /** The same page, or part of it, as the browser has it already. */
  PageAnswer unlessKnown(PageCall call) {
    String tag = headers.getOrDefault("ETag", "");
    return status == 200 && call.etag().filter(tag::equals).isPresent()
        ? new PageAnswer(304, type, headers, new byte[0])
        : this;
  }

  static PageAnswer seeOther(String path) {
    return new PageAnswer(303, HTML, Map.of("Location", path), new byte[0])
        .with("Cache-Control", "no-store");
  }

  PageAnswer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new PageAnswer(status, type, more, body);
  }

  static String tag(byte[] bytes) {
    return '"' + Sha256.hex(bytes).substring(0, TAG_LENGTH) + '"';
  }
}
