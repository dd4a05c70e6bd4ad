package dev.caravan.routes.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parameters of a query, each at most once; one that nobody asked for is refused. */
final class ApiQuery {
  private static final int LONGEST = 500;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  /**
   * @param raw as the client sent it
   */
  ApiQuery(Optional<String> raw) {
    for (String pair : raw.orElse("").split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      String[] parts = pair.split("=", 2);
      String name = ApiText.decoded("A name in the query", parts[0], true, LONGEST);
      String value =
          parts.length < 2
              ? ""
              : ApiText.decoded("The parameter '" + name + "'", parts[1], true, LONGEST);
      if (values.put(name, value) != null) {
        throw ApiException.badRequest("The parameter '" + name + "' is given twice.");
      }
    }
  }

  /** Empty if it isn't given, or is empty. */
  Optional<String> find(String name) {
    known.add(name);
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  void refuseUnknown() {
    values.keySet().stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw ApiText.unknown("The parameter", name, known);
            });
  }
}
