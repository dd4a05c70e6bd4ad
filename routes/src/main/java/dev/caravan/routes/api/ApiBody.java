package dev.caravan.routes.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a body, which is an object of JSON; one that nobody asked for is refused. */
final class ApiBody {
  private static final int LONGEST = 1_000;
  private static final int DEEPEST = 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;
  private final Set<String> known = new TreeSet<>();

  /**
   * @param bytes UTF-8; nothing stands for an empty object
   */
  ApiBody(byte[] bytes) {
    this.object = read(bytes);
  }

  private static JsonNode read(byte[] bytes) {
    if (bytes.length == 0) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode read = JSON.readTree(bytes);
      if (read.isObject()) {
        return read;
      }
    } catch (IOException e) {
      // Not repeated: what the client sent may be anything.
    }
    throw ApiException.badRequest("The body is not an object of JSON in UTF-8.");
  }

  Optional<String> text(String name) {
    return find(name)
        .map(
            value -> {
              if (!value.isTextual()) {
                throw ApiException.badRequest("The field '" + name + "' is not a text.");
              }
              return ApiText.plain("The field '" + name + "'", value.textValue(), LONGEST);
            });
  }

  String required(String name) {
    return text(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> ApiException.badRequest("The field '" + name + "' is missing."));
  }

  Optional<LocalDate> date(String name) {
    return text(name).map(text -> ApiText.date("The field '" + name + "'", text));
  }

  LocalDate requiredDate(String name) {
    return ApiText.date("The field '" + name + "'", required(name));
  }

  boolean yes(String name) {
    return find(name)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw ApiException.badRequest(
                    "The field '" + name + "' is neither true nor false.");
              }
              return value.booleanValue();
            })
        .orElse(false);
  }

  <E extends Enum<E>> E word(String name, Class<E> type, E otherwise) {
    return text(name)
        .map(text -> ApiText.word("The field '" + name + "'", text, type))
        .orElse(otherwise);
  }

  private Optional<JsonNode> find(String name) {
    known.add(name);
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  void refuseUnknown() {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        String shown = ApiText.plain("The name of a field", name, LONGEST);
        throw ApiText.unknown("The field", shown, known);
      }
    }
  }
}
