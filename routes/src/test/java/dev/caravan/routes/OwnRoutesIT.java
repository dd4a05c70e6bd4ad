package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.processors.journal.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user changes a route by putting a file into a directory; what the promises rest on can't be
 * taken away that way.
 */
class OwnRoutesIT {
  @TempDir Path directory;
  private LocalWorld world;
  private Path own;

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory);
    own = Files.createDirectory(directory.resolve("my-routes"));
    world.set("caravan.routes.directory", own.toString());
  }

  @AfterEach
  void end() {
    world.close();
  }

  /** The YAML that README.md shows to users. */
  private static String example() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    Matcher matcher =
        Pattern.compile("```yaml\\n(- route:\\n    id: verify-output.*?)```", Pattern.DOTALL)
            .matcher(readme);
    assertThat(matcher.find()).as("README.md shows a replaced route").isTrue();
    return matcher.group(1);
  }

  private CaravanApplication start() throws Exception {
    return CaravanApplication.start(world.settings(), Clock.systemUTC());
  }

  @Test
  void theExampleOfTheReadmeReplacesTheShippedRoute() throws Exception {
    Files.writeString(own.resolve("my-verify-output.yaml"), example());
    world.set("caravan.routes.exclude", "**/verify-output.camel.yaml");
    try (CaravanApplication application = start()) {
      LocalDate date = LocalDate.of(2026, 1, 2);
      application.run(date, false);
      assertThat(application.camel().getRoute("verify-output").getSourceLocation())
          .contains("my-verify-output.yaml");
      assertThat(application.journal().runs().last("datamarts", date).orElseThrow().state())
          .isEqualTo(RunState.SUCCEEDED);
    }
  }

  @Test
  void aFurtherRouteIsAdded() throws Exception {
    Files.writeString(
        own.resolve("greeting.yaml"),
        "- route: { id: greeting, from: { uri: 'direct:greeting', steps: [ { setBody: { constant: 'hello' } } ] } }");
    try (CaravanApplication application = start()) {
      assertThat(
              application
                  .camel()
                  .createProducerTemplate()
                  .requestBody("direct:greeting", "", String.class))
          .isEqualTo("hello");
    }
  }

  @Test
  void theStopGuaranteeCannotBeTakenAway() {
    world.set("caravan.routes.exclude", "**/stop-guarantee.camel.yaml");
    assertThatThrownBy(this::start).hasMessageContaining("stop guarantee");
  }

  @Test
  void aRouteThatIsExcludedAndNotReplacedIsNamed() {
    world.set("caravan.routes.exclude", "**/stop-cluster.camel.yaml");
    assertThatThrownBy(this::start).hasMessageContaining("Routes are missing: [stop-cluster]");
  }

  @Test
  void aMisspeltKeyInARouteIsNamed() throws IOException {
    Files.writeString(
        own.resolve("wrong.yaml"),
        "- route: { id: wrong, from: { uri: 'direct:wrong', stepz: [] } }");
    assertThatThrownBy(this::start)
        .hasMessageContaining("Unsupported field: stepz")
        .hasMessageContaining("wrong.yaml");
  }
}
