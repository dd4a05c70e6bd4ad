package dev.caravan.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the provider's documentation says of its resources, and what of a module it doesn't allow.
 */
record ProviderSchema(JsonNode root) {
  /** What Terraform itself knows in each resource. */
  private static final Set<String> META =
      Set.of("count", "for_each", "depends_on", "provider", "lifecycle", "timeouts");

  static ProviderSchema read() throws IOException {
    try (InputStream json = ProviderSchema.class.getResourceAsStream("provider-schema.json")) {
      return new ProviderSchema(
          new ObjectMapper().readTree(Objects.requireNonNull(json, "provider-schema.json")));
    }
  }

  /** Empty if all is well. */
  List<String> complaints(TerraformModule module) {
    List<String> complaints = new ArrayList<>();
    for (String kind : List.of("resource", "data")) {
      for (TerraformModule.Block block : module.blocks(kind)) {
        JsonNode schema = root.path(kind).path(block.type());
        if (schema.isMissingNode()) {
          complaints.add(block.address() + ": the provider's schema has no " + block.type());
        } else {
          check(block.address(), block.body(), schema, META, complaints);
        }
      }
    }
    return complaints;
  }

  private static void check(
      String where,
      Map<String, Object> body,
      JsonNode schema,
      Set<String> meta,
      List<String> complaints) {
    Set<String> attributes = new TreeSet<>();
    schema.path("required").forEach(name -> attributes.add(name.asText()));
    Set<String> missing = new TreeSet<>(attributes);
    schema.path("optional").forEach(name -> attributes.add(name.asText()));
    schema.path("requiredBlocks").forEach(name -> missing.add(name.asText()));
    missing.removeAll(body.keySet());
    missing.forEach(name -> complaints.add(where + " lacks " + name));
    for (Map.Entry<String, Object> entry : body.entrySet()) {
      String name = entry.getKey();
      JsonNode block = schema.path("blocks").path(name);
      if (name.equals("dynamic")) {
        for (Map<String, Object> dynamic : TerraformModule.maps(entry.getValue())) {
          dynamic.forEach(
              (label, made) -> checkDynamic(where + "." + label, made, schema, label, complaints));
        }
      } else if (!block.isMissingNode()) {
        for (Map<String, Object> nested : TerraformModule.maps(entry.getValue())) {
          check(where + "." + name, nested, block, Set.of(), complaints);
        }
      } else if (!attributes.contains(name) && !meta.contains(name)) {
        complaints.add(where + " has an unknown " + name);
      }
    }
  }

  private static void checkDynamic(
      String where, Object made, JsonNode schema, String label, List<String> complaints) {
    JsonNode block = schema.path("blocks").path(label);
    if (block.isMissingNode()) {
      complaints.add(where + ": there is no such block");
      return;
    }
    for (Map<String, Object> dynamic : TerraformModule.maps(made)) {
      if (!dynamic.keySet().equals(Set.of("for_each", "content"))) {
        complaints.add(where + " is not made of for_each and content");
      }
      check(where, TerraformModule.map(dynamic.get("content")), block, Set.of(), complaints);
    }
  }
}
