package dev.caravan.routes.page;

import dev.caravan.processors.journal.RunEvent;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What all pages have around their content.
 *
 * @param title of the page
 * @param section which entry of the menu it belongs to
 * @param caller who looks at it
 * @param mayAct whether the caller may do anything
 * @param signedIn whether the caller can sign out
 * @param formToken what a form brings back
 * @param live whether it is brought up to date as things happen
 */
record Frame(
    String title,
    String section,
    String caller,
    boolean mayAct,
    boolean signedIn,
    String formToken,
    boolean live,
    PageAssets assets) {

  String asset(String name) {
    return assets.address(name);
  }

  /** The names under which the server sends events. */
  String events() {
    return live
        ? Arrays.stream(RunEvent.Kind.values()).map(Enum::name).collect(Collectors.joining(" "))
        : "";
  }

  String current(String entry) {
    return entry.equals(section) ? "page" : null;
  }
}
