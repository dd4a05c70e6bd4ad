package dev.caravan.endpoint.submit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads a body strictly: known fields, right types, values that can't be taken for anything else.
 * Thread-safe.
 */
public final class SubmissionBodyReader {
  /** The fields of Livy's batch request. */
  static final Set<String> FIELDS =
      Set.of(
          "file",
          "className",
          "name",
          "proxyUser",
          "queue",
          "driverMemory",
          "executorMemory",
          "driverCores",
          "executorCores",
          "numExecutors",
          "args",
          "jars",
          "pyFiles",
          "files",
          "archives",
          "conf");

  private static final Pattern CLASS_NAME =
      Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*(\\.[A-Za-z_$][A-Za-z0-9_$]*)*");
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N} ._:@/+-]{0,199}");
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final Pattern MEMORY = Pattern.compile("[1-9]\\d{0,8}([kKmMgGtT][bB]?)?");
  private static final Pattern CONF_KEY = Pattern.compile("spark\\.[A-Za-z0-9._:-]{1,200}");
  private static final Pattern NOT_WRITTEN = Pattern.compile("[\\p{Z}\\p{C}\\s]+");
  private static final int MAX_NESTING = 16;

  private final ObjectMapper json =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(com.fasterxml.jackson.core.StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .configure(JsonParser.Feature.AUTO_CLOSE_SOURCE, true)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads one body.
   *
   * @throws RejectedException naming the field and the fault
   */
  public SubmissionBody read(byte[] body) {
    JsonNode node = parse(body);
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw new RejectedException("unknown field '" + abbreviated(field) + "'");
              }
            });
    return new SubmissionBody(
        text(node, "file").orElseThrow(() -> new RejectedException("the field 'file' is required")),
        matching(node, "className", CLASS_NAME, "a Java class name"),
        name(node),
        matching(node, "proxyUser", NAME, "a user's name"),
        matching(node, "queue", NAME, "a queue's name"),
        matching(node, "driverMemory", MEMORY, "an amount like 512m or 2g"),
        matching(node, "executorMemory", MEMORY, "an amount like 512m or 2g"),
        count(node, "driverCores"),
        count(node, "executorCores"),
        count(node, "numExecutors"),
        texts(node, "args"),
        texts(node, "jars"),
        texts(node, "pyFiles"),
        texts(node, "files"),
        texts(node, "archives"),
        conf(node, true),
        conf(node, false));
  }

  private JsonNode parse(byte[] body) {
    try {
      JsonNode node = json.readTree(body);
      if (node == null || !node.isObject()) {
        throw new RejectedException("the body is not a JSON object");
      }
      return node;
    } catch (JacksonException e) {
      throw new RejectedException("the body is not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new RejectedException("the body can't be read: " + e.getMessage());
    }
  }

  private static Optional<String> name(JsonNode node) {
    Optional<String> name =
        matching(node, "name", NAME, "a name of letters, digits and ' ._:@/+-', at most 200 long");
    if (name.isPresent() && DIGITS.matcher(name.get()).matches()) {
      throw new RejectedException("the field 'name' is all digits and would be taken for an id");
    }
    return name;
  }

  private static Optional<String> matching(
      JsonNode node, String field, Pattern pattern, String wanted) {
    Optional<String> value = text(node, field);
    if (value.isPresent() && !pattern.matcher(value.get()).matches()) {
      throw new RejectedException("the field '" + field + "' is not " + wanted);
    }
    return value;
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(textOf(value, field));
  }

  private static String textOf(JsonNode value, String field) {
    if (!value.isTextual()) {
      throw new RejectedException("the field '" + field + "' is not a string");
    }
    return printable(value.textValue(), field);
  }

  private static String printable(String value, String field) {
    if (value.indexOf('\0') >= 0) {
      throw new RejectedException("the field '" + field + "' holds a NUL character");
    }
    return value;
  }

  private static String abbreviated(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "..." : text;
  }

  private static OptionalInt count(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return OptionalInt.empty();
    }
    boolean whole =
        value.isIntegralNumber()
            || (value.isTextual() && DIGITS.matcher(value.textValue()).matches());
    String digits = value.asText();
    if (!whole || digits.length() > 6 || Integer.parseInt(digits) < 1) {
      throw new RejectedException(
          "the field '" + field + "' is not a whole number from 1 to 999999");
    }
    return OptionalInt.of(Integer.parseInt(digits));
  }

  private static List<String> texts(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw new RejectedException("the field '" + field + "' is not a list of strings");
    }
    List<String> texts = new ArrayList<>();
    value.forEach(item -> texts.add(textOf(item, field)));
    return List.copyOf(texts);
  }

  /** All of conf, sorted by key; Spark's settings are checked for form. */
  private static Map<String, String> conf(JsonNode node) {
    JsonNode value = node.path("conf");
    Map<String, String> conf = new TreeMap<>();
    if (value.isMissingNode() || value.isNull()) {
      return conf;
    }
    if (!value.isObject()) {
      throw new RejectedException("the field 'conf' is not an object");
    }
    value
        .properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              if (isSparks(key) && !CONF_KEY.matcher(key).matches()) {
                throw new RejectedException(
                    "the conf key '" + abbreviated(key) + "' is not a Spark setting's name");
              }
              if (entry.getValue().isNull()) {
                return;
              }
              if (!entry.getValue().isValueNode()) {
                throw new RejectedException(
                    "the value of conf key '"
                        + abbreviated(key)
                        + "' is not a string, number or boolean");
              }
              conf.put(key, printable(entry.getValue().asText(), "conf." + abbreviated(key)));
            });
    return conf;
  }

  /**
   * Whether a key is, or could be taken for, a Spark setting. Wider than Spark's own rule (it
   * begins with {@code spark.}), so that nothing that is written oddly escapes the checks of
   * Spark's keys: case, blanks, control characters and invisible ones don't count.
   */
  private static boolean isSparks(String key) {
    String bare = NOT_WRITTEN.matcher(key).replaceAll("").toLowerCase(Locale.ROOT);
    return bare.startsWith("spark.") || bare.startsWith("--");
  }

  private static Map<String, String> conf(JsonNode node, boolean sparks) {
    Map<String, String> conf = conf(node);
    conf.keySet().removeIf(key -> isSparks(key) != sparks);
    return conf;
  }
}
