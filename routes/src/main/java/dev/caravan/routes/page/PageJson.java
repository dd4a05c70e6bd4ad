package dev.caravan.routes.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Forms as the API's bodies, and its answers. */
final class PageJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PageJson() {}

  /** What the form says of these fields and the note; a field that is empty is left out. */
  static String body(List<PageAction.Field> fields, Map<String, String> form) {
    ObjectNode body = JSON.createObjectNode();
    for (PageAction.Field field : fields) {
      String value = form.getOrDefault(field.name(), "").strip();
      if (field.kind() == PageAction.Kind.YES) {
        body.put(field.name(), value.equals("true"));
      } else if (!value.isEmpty()) {
        body.put(field.name(), value);
      }
    }
    String note = form.getOrDefault("note", "").strip();
    if (!note.isEmpty()) {
      body.put("note", note);
    }
    return body.toString();
  }

  /** A value of an answer, empty text if it has none. */
  static String text(String answer, String pointer) {
    try {
      JsonNode found = JSON.readTree(answer).at(pointer);
      return found.asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The API answers with JSON", e);
    }
  }
}
