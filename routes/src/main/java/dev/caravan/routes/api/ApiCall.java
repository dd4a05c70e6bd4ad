package dev.caravan.routes.api;

import dev.caravan.shared.http.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call of the API.
 *
 * @param method GET, or POST
 * @param path with parameters in braces, such as {@code /pipelines/{pipeline}}; below {@link
 *     ApiTable#ROOT}
 * @param needed the least rights that it asks for
 * @param action whether it changes something, so that an idempotency key counts
 * @param answer gives what becomes the JSON of the answer
 */
record ApiCall(String method, String path, Rights needed, boolean action, Answer answer) {

  /** What is done for a request. */
  interface Answer {
    /** Reads all that the request says, and does nothing yet. */
    Supplier<Object> prepare(ApiRequest request);
  }

  /** The parameters of the path, raw, if it is of this call. */
  Optional<List<String>> match(List<String> segments) {
    List<String> pattern = segments(path);
    if (pattern.size() != segments.size()) {
      return Optional.empty();
    }
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < pattern.size(); i++) {
      if (pattern.get(i).startsWith("{")) {
        parameters.add(segments.get(i));
      } else if (!pattern.get(i).equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  /** The parts between slashes; one slash at the end counts for nothing. */
  static List<String> segments(String path) {
    String inner = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return List.of(inner.substring(Math.min(1, inner.length())).split("/", -1));
  }
}
