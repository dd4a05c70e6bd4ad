package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.pipelines.DateRule;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.pipelines.PromisedOutput;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationTest {
  @TempDir Path directory;
  private Path settings;

  @BeforeEach
  void copySettings() throws IOException {
    settings = directory.resolve("application.properties");
    try (InputStream former =
        MigrationTest.class.getResourceAsStream("/application-of-one-pipeline.properties")) {
      Files.copy(former, settings);
    }
  }

  private Pipeline migrated() throws IOException {
    Migration migration = Migration.of(settings, Map.of());
    migration.write();
    String text = Files.readString(directory.resolve("pipelines/nightly.yaml"));
    return PipelineParser.of(Set.of("main")).parse("nightly", "nightly.yaml", text);
  }

  @Test
  void pipelineDoesWhatTheKeysDid() throws IOException {
    Pipeline pipeline = migrated();

    PipelineSchedule schedule = pipeline.schedule().orElseThrow();
    assertThat(schedule.cron()).contains("30 3 * * 1-5");
    assertThat(schedule.zone()).isEqualTo(ZoneId.of("Europe/Moscow"));
    assertThat(schedule.date()).isEqualTo(new DateRule(2));
    assertThat(pipeline.cluster()).isEqualTo("main");
    assertThat(pipeline.jobNames()).containsExactly("layer", "mart");
    assertThat(pipeline.job("layer").outputs()).isEmpty();
    PipelineJob mart = pipeline.job("mart");
    assertThat(mart.needs()).as("it ran after the one before it").containsExactly("layer");
    assertThat(mart.program().file()).isEqualTo("s3a://lake/jars/jobs.jar");
    assertThat(mart.program().className()).contains("a.Main");
    assertThat(mart.program().args())
        .containsExactly(
            "mart",
            "--date",
            "{date}",
            "--filter",
            "{{\"a\":\"b\\c\"}}",
            "--summary",
            "s3a://lake/runs/{run}/{job}.json");
    assertThat(mart.program().conf()).isEqualTo(Map.of("spark.executor.memory", "4g"));
    assertThat(mart.timeout()).isEqualTo(Duration.ofMinutes(90));
    assertThat(mart.policy().poll()).isEqualTo(Duration.ofSeconds(2));
    assertThat(mart.attempts()).isEqualTo(2);
    assertThat(mart.outputs())
        .containsExactly(
            new PromisedOutput(
                "s3://lake/mart/date={date}/", 2, 3, 0, Optional.empty(), List.of("a", "b")));
    assertThat(mart.summary()).contains("s3://lake/runs/{run}/{job}.json");
  }

  @Test
  void clusterGetsAName() {
    assertThat(Migration.of(settings, Map.of()).settings())
        .containsExactly(
            "caravan.cluster.main.id=c9q",
            "caravan.cluster.main.stop-policy=always",
            "caravan.cluster.main.endpoint.port=9000");
  }

  @Test
  void whatWasLeftToDefaultsStaysSo() throws IOException {
    Files.writeString(
        settings,
        "caravan.jobs=mart\ncaravan.job.mart.file=/jobs/mart.jar\ncaravan.job.mart.class-name=a.B\n");
    Migration migration = Migration.of(settings, Map.of());

    assertThat(migration.file()).isEqualTo(directory.resolve("pipelines/datamarts.yaml"));
    assertThat(migration.pipeline())
        .isEqualTo(
            """
            schedule: { every: 24h, date: yesterday }
            cluster: main
            jobs:
              mart:
                file: "/jobs/mart.jar"
                class: "a.B"
            """);
    assertThat(migration.settings()).isEmpty();
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    migrated();
    String before = Files.readString(directory.resolve("pipelines/nightly.yaml"));
    Files.writeString(directory.resolve("pipelines/nightly.yaml"), before + "# mine\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Migration.of(settings, Map.of()).write())
        .withMessageContaining("nightly.yaml is there already");
    assertThat(directory.resolve("pipelines/nightly.yaml")).hasContent(before + "# mine\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.schedule.cron | 15 30 3 * * ? | five fields",
        "caravan.schedule.cron | 0 30 3 L * ? | five fields",
        "caravan.schedule.cron | 0 30 3 ? * 6#3 | five fields",
        "caravan.schedule.cron | 0 30 3 1 1 ? 2020 | five fields",
        "caravan.jobs | mart,absent | jobs.absent",
        "caravan.job.mart.timeout | soon | jobs.mart.timeout is 'soon'",
        "caravan.pipeline | two words | the name 'two words' is not allowed"
      })
  void whatCannotBeWrittenIsNamedAndNothingIsWritten(String key, String value, String words) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Migration.of(settings, Map.of(key, value)))
        .withMessageContaining(words);
    assertThat(directory.resolve("pipelines")).doesNotExist();
  }

  @Test
  void settingsOfNowHaveNothingToMigrate() throws IOException {
    Files.writeString(settings, "caravan.cluster.main.id=c9q\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Migration.of(settings, Map.of()))
        .withMessageContaining("nothing to migrate");
  }
}
