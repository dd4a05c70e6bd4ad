package dev.caravan.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The document of the API as it is shipped, and what it says of answers. */
final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;

  OpenApi() {
    try (InputStream text =
        OpenApi.class.getResourceAsStream("/dev/caravan/routes/api/openapi.json")) {
      this.document = JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A call: {@code GET}, {@code /runs}, and what the document has of it. */
  record Operation(String method, String path, JsonNode node) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  List<Operation> operations() {
    List<Operation> found = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            found.add(
                                new Operation(
                                    method.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    method.getValue()))));
    return found;
  }

  /** The parameters, references resolved. */
  List<JsonNode> parameters(Operation operation) {
    List<JsonNode> found = new ArrayList<>();
    operation.node().path("parameters").forEach(each -> found.add(resolved(each)));
    return found;
  }

  /** The schema of the body, with its fields; empty: it has none. */
  Optional<JsonNode> body(Operation operation) {
    JsonNode schema = operation.node().at("/requestBody/content/application~1json/schema");
    return schema.isMissingNode() ? Optional.empty() : Optional.of(resolved(schema));
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** Where an answer differs from what the document says; nothing: it is as documented. */
  Set<ValidationMessage> faults(Operation operation, int status, String type, String body)
      throws IOException {
    JsonNode responses = operation.node().path("responses");
    JsonNode response =
        resolved(
            responses.has(Integer.toString(status))
                ? responses.path(Integer.toString(status))
                : responses.path("default"));
    JsonNode schema = response.path("content").path(type.split(";", 2)[0]).path("schema");
    if (schema.isMissingNode()) {
      throw new AssertionError(operation + " has no " + type + " for " + status + ": " + body);
    }
    ObjectNode whole = JSON.createObjectNode();
    whole.setAll((ObjectNode) schema);
    whole.set("components", document.path("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(whole)
        .validate(
            JSON.readTree(body),
            execution -> execution.getExecutionConfig().setFormatAssertionsEnabled(true));
  }
}
