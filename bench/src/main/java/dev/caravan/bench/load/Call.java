package dev.caravan.bench.load;

import java.nio.charset.StandardCharsets;

/** One HTTP/1.1 request, encoded once and sent as often as wanted over connections kept alive. */
public record Call(byte[] bytes) {

  /** A GET of a path with query. */
  public static Call get(String path) {
    return new Call(ascii("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
  }

  /**
   * A POST of JSON text in ASCII.
   *
   * @param key the request's Idempotency-Key
   */
  public static Call post(String path, String json, String key) {
    return new Call(
        ascii(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nIdempotency-Key: "
                + key
                + "\r\nContent-Length: "
                + json.length()
                + "\r\n\r\n"
                + json));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
