package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The YAML that we ship: valid for the very Camel that runs it, short, and free of what an advisory
 * warns of.
 */
class ShippedRoutesTest {
  private static final Path SHIPPED = Path.of("src/main/resources/camel");
  private static JsonSchema schema;

  @BeforeAll
  static void readSchema() throws IOException {
    try (InputStream in =
        ShippedRoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      SchemaValidatorsConfig lazily =
          SchemaValidatorsConfig.builder().preloadJsonSchema(false).failFast(true).build();
      schema =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
              .getSchema(new ObjectMapper().readTree(in), lazily);
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void areValidForCamelsSchema(Path file) throws IOException {
    JsonNode yaml = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());

    assertThat(schema.validate(yaml)).isEmpty();
    assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void aMisspeltStepWouldBeSeen() throws IOException {
    String misspelt = "- route: { from: { uri: 'direct:x', stepz: [] } }";

    assertThat(schema.validate(new ObjectMapper(new YAMLFactory()).readTree(misspelt)))
        .isNotEmpty();
  }

  /**
   * No prefix matching, proxy mode, CORS or JWT (CVE-2026-85316, -84176, -66908), no HTTP producer,
   * no exec.
   */
  @ParameterizedTest
  @MethodSource("files")
  void useNothingThatAnAdvisoryWarnsOf(Path file) throws IOException {
    String yaml = Files.readString(file);

    assertThat(yaml)
        .doesNotContainIgnoringCase("matchOnUriPrefix")
        .doesNotContainIgnoringCase("cors")
        .doesNotContain("toD", "jwt");
    assertThat(yaml.lines().filter(line -> line.contains("uri:")))
        .allMatch(line -> line.matches(" +uri: platform-http:/[a-z/{}]*(\\.[a-z]+)?"));
  }

  /** Not on the class path, so that nothing can reach it: camel-exec and camel-http. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.camel.component.exec.ExecComponent",
        "org.apache.camel.component.http.HttpComponent"
      })
  void noPartThatAnAdvisoryNamesIsAboard(String name) {
    assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> Class.forName(name));
  }
}
