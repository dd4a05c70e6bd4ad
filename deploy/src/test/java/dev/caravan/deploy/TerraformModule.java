package dev.caravan.deploy;

import com.bertramlabs.plugins.hcl4j.HCLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a Terraform module, as maps and lists. A reference stands as its text, an expression
 * that depends on a variable as null.
 */
record TerraformModule(Map<Path, String> texts, Map<String, Object> tree) {
  /** A block with two labels. */
  record Block(String type, String name, Map<String, Object> body) {
    String address() {
      return type + "." + name;
    }

    /** The nested blocks of that name, also those that are made for each of something. */
    List<Map<String, Object>> nested(String block) {
      List<Map<String, Object>> found = new ArrayList<>(maps(body.get(block)));
      maps(body.get("dynamic")).stream()
          .filter(dynamic -> dynamic.containsKey(block))
          .flatMap(dynamic -> maps(dynamic.get(block)).stream())
          .flatMap(dynamic -> maps(dynamic.get("content")).stream())
          .forEach(found::add);
      return found;
    }
  }

  static TerraformModule read(Path directory) throws IOException {
    Map<Path, String> texts = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".tf")).sorted().toList()) {
        texts.put(file.getFileName(), Files.readString(file));
      }
    }
    return of(texts);
  }

  static TerraformModule of(Map<Path, String> texts) throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (Map.Entry<Path, String> text : texts.entrySet()) {
      try {
        merge(tree, new HCLParser().parse(text.getValue()));
      } catch (Exception e) {
        throw new IOException(text.getKey() + " is no HCL: " + e.getMessage(), e);
      }
    }
    return new TerraformModule(texts, tree);
  }

  private static void merge(Map<String, Object> into, Map<String, Object> from) {
    from.forEach(
        (key, value) -> {
          if (into.get(key) instanceof Map<?, ?> && value instanceof Map<?, ?>) {
            merge(map(into.get(key)), map(value));
          } else {
            into.put(key, value);
          }
        });
  }

  /** All resources, or all data sources. */
  List<Block> blocks(String kind) {
    List<Block> blocks = new ArrayList<>();
    map(tree.getOrDefault(kind, Map.of()))
        .forEach(
            (type, named) ->
                map(named).forEach((name, body) -> blocks.add(new Block(type, name, map(body)))));
    return blocks;
  }

  Block resource(String address) {
    return blocks("resource").stream()
        .filter(block -> block.address().equals(address))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + address));
  }

  Map<String, Object> named(String kind) {
    return map(tree.getOrDefault(kind, Map.of()));
  }

  /** All texts, without comments. */
  String code() {
    return String.join("\n", texts.values()).replaceAll("(?m)^\\s*#.*$", "");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  /** One block is a map, several of a name are a list. */
  static List<Map<String, Object>> maps(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(TerraformModule::map).toList();
    }
    return value == null ? List.of() : List.of(map(value));
  }
}
