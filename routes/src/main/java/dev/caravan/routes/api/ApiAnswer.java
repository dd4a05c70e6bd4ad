package dev.caravan.routes.api;

import dev.caravan.shared.http.ErrorFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer before it is written.
 *
 * @param body JSON text
 */
record ApiAnswer(int status, String contentType, Map<String, String> headers, String body) {
  static final String JSON = "application/json";

  static ApiAnswer json(int status, String body) {
    return new ApiAnswer(status, JSON, Map.of(), body);
  }

  /** An error, as problem details. */
  static ApiAnswer problem(int status, String sentence) {
    return problemOf(status, ErrorFormat.PROBLEM.body(status, sentence));
  }

  /** An error that was written before. */
  static ApiAnswer problemOf(int status, String body) {
    return new ApiAnswer(status, ErrorFormat.PROBLEM.contentType(), Map.of(), body);
  }

  ApiAnswer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new ApiAnswer(status, contentType, more, body);
  }
}
