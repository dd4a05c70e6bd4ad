package dev.caravan.routes.page;

import java.util.Map;

/**
 * An action before it is done.
 *
 * @param values of the fields
 * @param key under which it is done once, however often the form is sent
 * @param asksName whether the caller has no name of its own
 */
record ConfirmView(
    PageAction.Asked asked, Map<String, String> values, String key, boolean asksName) {
  ConfirmView {
    values = Map.copyOf(values);
  }

  String value(String field) {
    return values.getOrDefault(field, "");
  }

  String target() {
    return PagePaths.confirm(asked.path());
  }
}
