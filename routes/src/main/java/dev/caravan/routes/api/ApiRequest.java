package dev.caravan.routes.api;

import dev.caravan.routes.operations.Asker;
import dev.caravan.routes.operations.PageRequest;
import java.util.List;
import java.util.Optional;

/**
 * A request that has found its call.
 *
 * @param path what stands for the parameters of the call's path, in their order
 * @param actor who asks
 */
record ApiRequest(List<String> path, ApiQuery query, ApiBody body, String actor) {
  private static final int USUAL_PAGE = 50;

  ApiRequest {
    path = List.copyOf(path);
  }

  String path(int index) {
    return path.get(index);
  }

  /** A number in the path; there is nothing of any other name. */
  long id(int index) {
    String text = path(index);
    if (!text.matches("\\d{1,18}")) {
      throw new ApiException(404, "There is nothing of the number '" + text + "'.");
    }
    return Long.parseLong(text);
  }

  /** The run that the first three parameters name. */
  String run() {
    return String.join("/", path.subList(0, 3));
  }

  Asker asker() {
    return new Asker(actor, body.text("note").orElse(""));
  }

  PageRequest page() {
    int limit =
        query
            .find("limit")
            .map(text -> (int) ApiText.number("The parameter 'limit'", text, 1, PageRequest.MOST))
            .orElse(USUAL_PAGE);
    return new PageRequest(query.find("cursor"), limit);
  }

  Optional<Long> number(String name, long least, long most) {
    return query
        .find(name)
        .map(text -> ApiText.number("The parameter '" + name + "'", text, least, most));
  }
}
