package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped YAML: valid by Camel's own schema, short, and built by the rules that the stop
 * guarantee rests on.
 */
class RouteFilesTest {
  private static final Path ROUTES = Path.of("src/main/resources/camel");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonSchema SCHEMA = schema();

  private static JsonSchema schema() {
    try (InputStream text = RouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(ROUTES)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isValidByTheSchemaOfCamel(Path file) throws IOException {
    assertThat(SCHEMA.validate(YAML.readTree(file.toFile()))).isEmpty();
  }

  @Test
  void eachIsNamedToCamel() throws IOException {
    assertThat(ShippedRoutes.includePattern().split(","))
        .containsExactlyInAnyOrderElementsOf(
            files().stream().map(file -> "classpath:camel/" + file.getFileName()).toList());
  }

  @Test
  void theSchemaRefusesAMisspeltStep() throws IOException {
    JsonNode wrong = YAML.readTree("- route: { from: { uri: 'direct:a', stepz: [] } }");
    assertThat(SCHEMA.validate(wrong)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void holdsOneThingOfEightyLinesOrFewer(Path file) throws IOException {
    assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(80);
    assertThat(YAML.readTree(file.toFile()))
        .as("a file is what a user can override, so it holds one route")
        .hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("files")
  void hasAnIdEqualToItsName(Path file) throws IOException {
    JsonNode top = YAML.readTree(file.toFile()).get(0);
    JsonNode what = top.elements().next();
    assertThat(what.path("id").asText())
        .isEqualTo(file.getFileName().toString().replace(".camel.yaml", ""));
  }

  @Test
  void theGuaranteeHoldsOneStepAndOneRouteRefersToIt() throws IOException {
    JsonNode guarantee =
        YAML.readTree(ROUTES.resolve("stop-guarantee.camel.yaml").toFile())
            .get(0)
            .get("routeConfiguration");
    JsonNode blocks = guarantee.get("onCompletion");
    assertThat(blocks).hasSize(1);
    JsonNode steps = blocks.get(0).get("onCompletion").get("steps");
    assertThat(steps).hasSize(1);
    assertThat(steps.get(0).at("/to/uri").asText()).isEqualTo("direct:stop-cluster");

    List<Path> referring = files().stream().filter(RouteFilesTest::refersToTheGuarantee).toList();
    assertThat(referring)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("session.camel.yaml");
  }

  @Test
  void noRouteDelaysAsynchronouslyOrDeletesWhatItReads() throws IOException {
    for (Path file : files()) {
      String text = read(file);
      assertThat(text)
          .as(file + " waits by the pause step, which a shutdown cuts short")
          .doesNotContain("- delay:");
      text.lines()
          .filter(line -> line.contains("aws2-s3:"))
          .forEach(line -> assertThat(line).contains("deleteAfterRead=false"));
    }
  }

  private static boolean refersToTheGuarantee(Path file) {
    try {
      String ids = YAML.readTree(file.toFile()).get(0).at("/route/routeConfigurationId").asText();
      return Arrays.stream(ids.split(",")).map(String::trim).anyMatch("stop-guarantee"::equals);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
