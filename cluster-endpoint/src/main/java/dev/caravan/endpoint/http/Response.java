package dev.caravan.endpoint.http;

import java.util.Map;

/**
 * A response before it is written: status, additional headers, and the object that becomes the JSON
 * body.
 *
 * @param body anything that Jackson writes, or a {@link Content}
 */
public record Response(int status, Map<String, String> headers, Object body) {

  /** What isn't JSON. */
  record Content(String type, byte[] bytes) {}

  /** 200 with a body. */
  static Response ok(Object body) {
    return new Response(200, Map.of(), body);
  }

  /** An error in the protocol's shape. */
  static Response failed(int status, String message) {
    return new Response(status, Map.of(), Map.of("msg", message));
  }
}
