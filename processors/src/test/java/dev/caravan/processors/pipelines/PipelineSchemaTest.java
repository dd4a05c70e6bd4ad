package dev.caravan.processors.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** docs/pipeline.schema.json and docs/pipelines.md say what the parser takes, no less, no more. */
class PipelineSchemaTest {
  private static final Path ROOT = Path.of("..");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PipelineParser PARSER = PipelineParser.of(Set.of("main", "big"));

  private static JsonNode document() throws IOException {
    return JSON.readTree(ROOT.resolve("docs/pipeline.schema.json").toFile());
  }

  private static Set<ValidationMessage> faults(String yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(document());
    Object values = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return schema.validate(JSON.valueToTree(values));
  }

  private static Set<String> keys(String pointer) throws IOException {
    Set<String> keys = new HashSet<>();
    JsonNode section = document().at(pointer);
    assertThat(section.path("additionalProperties").asBoolean(true)).as(pointer).isFalse();
    section.path("properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void hasTheKeysThatTheParserKnows() throws IOException {
    assertThat(keys("")).isEqualTo(PipelineKeys.PIPELINE);
    assertThat(keys("/$defs/schedule")).isEqualTo(PipelineKeys.SCHEDULE);
    assertThat(keys("/$defs/budget")).isEqualTo(PipelineKeys.BUDGET);
    assertThat(keys("/properties/defaults")).isEqualTo(PipelineKeys.DEFAULTS);
    assertThat(keys("/$defs/job")).isEqualTo(PipelineKeys.JOB);
    assertThat(keys("/$defs/output")).isEqualTo(PipelineKeys.OUTPUT);
    assertThat(keys("/$defs/minimum")).isEqualTo(PipelineKeys.MINIMUM);
    assertThat(keys("/$defs/rows")).isEqualTo(PipelineKeys.ROWS);
  }

  @Test
  void tablesOfTheDocumentationHaveTheKeysThatTheParserKnows() throws IOException {
    List<String> page = Files.readAllLines(ROOT.resolve("docs/pipelines.md"));
    assertThat(table(page, "| of the file | meaning |")).isEqualTo(PipelineKeys.PIPELINE);
    assertThat(table(page, "| of `schedule` | meaning |")).isEqualTo(PipelineKeys.SCHEDULE);
    assertThat(table(page, "| of a job | meaning |")).isEqualTo(PipelineKeys.JOB);
    assertThat(table(page, "| of an output | meaning |")).isEqualTo(PipelineKeys.OUTPUT);
  }

  /** The keys in the first column. */
  private static Set<String> table(List<String> page, String header) {
    int at = page.indexOf(header);
    assertThat(at).as(header).isNotNegative();
    return page.subList(at + 2, page.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|")[1])
        .flatMap(cell -> Pattern.compile("`([^`]+)`").matcher(cell).results())
        .map(name -> name.group(1))
        .collect(Collectors.toSet());
  }

  /** What is shipped, and what the pages show: whole files, that is. */
  static Stream<String> examples() throws IOException {
    String shipped = Files.readString(ROOT.resolve("pipelines/datamarts.yaml"));
    Stream<String> files =
        Stream.of(
            shipped,
            shipped.replaceAll(
                "(?m)^( *)# ( *(?:needs|events-layer|args|outputs|-|columns|\\[).*)$", "$1$2"));
    Stream<String> shown =
        Stream.of("pipelines.md", "adding-a-job.md")
            .flatMap(page -> fenced(ROOT.resolve("docs").resolve(page)))
            .filter(text -> text.contains("\njobs:"));
    return Stream.concat(files, shown);
  }

  private static Stream<String> fenced(Path page) {
    try {
      return Pattern.compile("(?ms)^ *```yaml\\n(.*?)^ *```")
          .matcher(Files.readString(page))
          .results()
          .map((MatchResult block) -> block.group(1).stripIndent());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAreValidAndAreParsed(String yaml) throws IOException {
    assertThat(faults(yaml)).isEmpty();
    assertThat(PARSER.parse("datamarts", "datamarts.yaml", yaml).jobs()).isNotEmpty();
  }

  @Test
  void thereAreExamplesOfAllKinds() throws IOException {
    List<Pipeline> pipelines =
        examples().map(yaml -> PARSER.parse("datamarts", "datamarts.yaml", yaml)).toList();
    assertThat(pipelines).hasSizeGreaterThanOrEqualTo(4);
    assertThat(pipelines.get(0).jobNames()).containsExactly("datamarts");
    assertThat(pipelines.get(0).job("datamarts").outputs()).hasSize(3);
    assertThat(pipelines.get(1).jobNames())
        .as("with the lines for raw events")
        .containsExactly("events-layer", "datamarts");
    assertThat(pipelines)
        .as("one with a Python file")
        .anyMatch(
            pipeline ->
                pipeline.jobs().stream().anyMatch(job -> job.program().file().endsWith(".py")));
  }

  /** Whatever the one refuses, by its form, the other refuses. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ cluster: main }",
        "{ jobs: { m: { file: /x.py } } }",
        "{ cluster: main, jobs: {} }",
        "{ cluster: main, jobs: { 1m: { file: /x.py } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, colour: blue } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, args: word } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, attempts: 11 } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, attempts: two } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, timeout: 10 } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, driver-memory: much } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, conf: { a: b } } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, retry-on: [256] } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, outputs: [{ rows: { min: 1 } }] } } }",
        "{ cluster: main, jobs: { m: { file: /x.py, outputs: [{ at: s3://b/c/, rows: { of-median: 2 } }] } } }",
        "{ cluster: main, parallel: 0, jobs: { m: { file: /x.py } } }",
        "{ cluster: main, schedule: { zone: UTC }, jobs: { m: { file: /x.py } } }",
        "{ cluster: main, schedule: { every: 1h, cron: '1 1 * * *' }, jobs: { m: { file: /x.py } } }",
        "{ cluster: main, schedule: { cron: '0 30 3 * * ?' }, jobs: { m: { file: /x.py } } }",
        "{ cluster: main, schedule: { every: 1h, overlap: wait }, jobs: { m: { file: /x.py } } }",
        "{ cluster: main, schedule: { every: 1h, date: tomorrow }, jobs: { m: { file: /x.py } } }"
      })
  void schemaAndParserRefuseTheSame(String yaml) throws IOException {
    assertThat(faults(yaml)).isNotEmpty();
    assertThatExceptionOfType(BrokenPipelineException.class)
        .isThrownBy(() -> PARSER.parse("m", "m.yaml", yaml));
  }
}
