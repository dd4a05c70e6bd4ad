package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.steps.RunContext;
import dev.caravan.processors.steps.Step;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

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
      application.run(LocalWorld.PIPELINE, date, false);
      assertThat(application.camel().getRoute("verify-output").getSourceLocation())
          .contains("my-verify-output.yaml");
      assertThat(application.journal().runs().last("datamarts", date).orElseThrow().state())
          .isEqualTo(RunState.SUCCEEDED);
    }
  }

  /** Its own step, not the job's batch, throws what Caravan has no name for. */
  @Test
  void whatAStepOfOnesOwnThrowsFailsItsJobAlone() throws Exception {
    Files.writeString(
        own.resolve("my-verify-output.yaml"),
        """
        - route:
            id: verify-output
            errorHandler: { noErrorHandler: {} }
            from:
              uri: direct:verify-output
              steps:
                - choice:
                    when:
                      - simple: "${exchangeProperty.run.job} == 'mart'"
                        steps:
                          - to: { uri: "direct:my-check" }
                - process: { ref: expectOutput }
        - route:
            id: my-check
            from:
              uri: direct:my-check
              steps:
                - throwException:
                    id: too-few
                    exceptionType: java.lang.IllegalStateException
                    message: only 3 cities
        """);
    world
        .set("caravan.routes.exclude", "**/verify-output.camel.yaml")
        .job("mart", "exit 0")
        .addJob("needs-it", "exit 0")
        .jobKey("needs-it", "needs", List.of("mart"))
        .addJob("other", "exit 0");
    LocalDate date = LocalDate.of(2026, 1, 2);
    try (CaravanApplication application = start()) {
      application.run(LocalWorld.PIPELINE, date, false);
      Journal journal = application.journal();
      Run run = journal.runs().last("datamarts", date).orElseThrow();
      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(run.failure().orElseThrow())
          .contains(
              "Job mart failed at step too-few of route my-check:"
                  + " java.lang.IllegalStateException: only 3 cities.",
              "Not run, since it failed: needs-it.");
      assertThat(journal.jobs().latest(run))
          .extracting(JobRun::job, JobRun::state)
          .contains(
              tuple("other", JobState.SUCCEEDED), tuple("needs-it", JobState.UPSTREAM_FAILED));
      assertThat(journal.sessions().of(run).orElseThrow().stoppedAt()).isPresent();
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

  /** The shipped route that readies the cluster, with one thing replaced, in a file of the user. */
  private void overrideReadyCluster(String shipped, String replacement) throws IOException {
    String route = Files.readString(Path.of("src/main/resources/camel/ready-cluster.camel.yaml"));
    assertThat(route).contains(shipped);
    Files.writeString(own.resolve("my-ready-cluster.yaml"), route.replace(shipped, replacement));
    world.set("caravan.routes.exclude", "**/ready-cluster.camel.yaml");
  }

  @Test
  void aMisspeltQuestionIsRefusedBeforeItMakesALoopWithoutEnd() throws IOException {
    overrideReadyCluster("session.clusterReady", "session.clusterRedy");
    assertThatThrownBy(this::start)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("my-ready-cluster.yaml, route ready-cluster, line ")
        .hasMessageContaining("'run.session.clusterRedy'")
        .hasMessageContaining("did you mean run.session.clusterReady?");
  }

  @Test
  void aMisspeltBeanIsNamedWithTheNearest() throws IOException {
    overrideReadyCluster("ref: awaitCluster", "ref: awaitClustr");
    assertThatThrownBy(this::start)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("my-ready-cluster.yaml, route ready-cluster, line ")
        .hasMessageContaining("did you mean awaitCluster?");
  }

  @Test
  void theCommandEndsWithTheMisspeltNameBeforeAnyRunBegins() throws IOException {
    overrideReadyCluster("session.clusterReady", "session.clusterRedy");
    StringWriter err = new StringWriter();
    CommandLine commandLine = Caravan.commandLine().setErr(new PrintWriter(err, true));
    int exitCode = commandLine.execute("run", "--config", world.settingsFile().toString());
    assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("did you mean run.session.clusterReady?");
    try (Journal journal = world.journal()) {
      assertThat(
              journal
                  .runs()
                  .last(
                      "datamarts",
                      world.settings().pipelines().require("datamarts").dateAt(Instant.now())))
          .isEmpty();
    }
  }

  @Test
  void aRouteOfTheUsersWithPropertiesAndBeansOfItsOwnPasses() throws Exception {
    Files.writeString(
        own.resolve("greeting.yaml"),
        """
        - beans:
            - name: words
              type: java.util.ArrayList
        - route:
            id: greeting
            from:
              uri: direct:greeting
              steps:
                - setProperty: { name: left, constant: "xxx" }
                - loop:
                    doWhile: true
                    simple: "${exchangeProperty.left} != ''"
                    steps:
                      - bean: { ref: words, method: "add('hello')" }
                      - setProperty: { name: left, simple: "${exchangeProperty.left.substring(1)}" }
                - setBody: { simple: "${bean:words?method=size} ${exchangeProperty.run.session.clusterReady}" }
        """);
    try (CaravanApplication application = start()) {
      Exchange answer =
          application
              .camel()
              .createProducerTemplate()
              .request("direct:greeting", exchange -> RunContext.of(exchange));
      assertThat(answer.getException()).isNull();
      assertThat(answer.getMessage().getBody(String.class)).isEqualTo("3 false");
    }
  }

  /** The first cells of the rows of the table that begins with this header. */
  private static List<String> documented(String header) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("..", "docs", "changing-a-route.md"));
    int begin = lines.indexOf(header);
    assertThat(begin).as(header).isNotNegative();
    return lines.subList(begin + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  private static List<String> names(String cell) {
    return Pattern.compile("`([^`]+)`").matcher(cell).results().map(m -> m.group(1)).toList();
  }

  private static String cell(String row, int number) {
    return row.split("\\|")[number].trim();
  }

  @Test
  void theDocumentedQuestionsAreThoseThatARouteMayAsk() throws IOException {
    List<String> documented =
        documented("| question | answer |").stream()
            .flatMap(row -> names(cell(row, 1)).stream())
            .toList();
    assertThat(documented).doesNotHaveDuplicates();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(ContextQuestions.all());
  }

  @Test
  void theDocumentedBeansAreThoseThatARouteMayCall() throws Exception {
    List<String> rows = documented("| bean (`process: { ref: ... }`) | does | answers change |");
    try (CaravanApplication application = start()) {
      assertThat(rows.stream().flatMap(row -> names(cell(row, 1)).stream()))
          .containsExactlyInAnyOrderElementsOf(
              application.camel().getRegistry().findByTypeWithName(Step.class).keySet());
    }
    assertThat(rows.stream().flatMap(row -> names(cell(row, 3)).stream()))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(ContextQuestions.all()).contains(name));
  }
}
