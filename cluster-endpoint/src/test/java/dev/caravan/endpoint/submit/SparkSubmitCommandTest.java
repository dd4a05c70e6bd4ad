package dev.caravan.endpoint.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.endpoint.settings.SubmitSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkSubmitCommandTest {
  private static final SubmitSettings YARN =
      new SubmitSettings(
          Path.of("/usr/bin/spark-submit"),
          "yarn",
          "cluster",
          List.of("s3a://code/jars", "/opt/jobs/", "s3a://one/job.jar"),
          List.of(),
          List.of("etl"),
          Map.of("spark.eventLog.dir", "s3a://logs/", "spark.yarn.tags", "house"));

  private final SparkSubmitCommand command = new SparkSubmitCommand(YARN);
  private final SubmissionBodyReader reader = new SubmissionBodyReader();

  private List<String> words(String body) {
    return command.words(read(body), "tag-1");
  }

  private void refused(String body, String reason) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> words(body))
        .withMessageContaining(reason);
  }

  @Test
  void theSmallestRequest() {
    assertThat(words("{\"file\":\"s3a://one/job.jar\"}"))
        .containsExactly(
            "/usr/bin/spark-submit",
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--conf",
            "spark.eventLog.dir=s3a://logs/",
            "--conf",
            "spark.yarn.submit.waitAppCompletion=true",
            "--conf",
            "spark.yarn.tags=house,tag-1",
            "s3a://one/job.jar");
  }

  @Test
  void aLocalMasterGetsNoYarnSettings() {
    SubmitSettings local =
        new SubmitSettings(
            YARN.sparkSubmit(),
            "local[2]",
            "client",
            YARN.allowedFiles(),
            List.of(),
            List.of(),
            Map.of());
    SubmissionBody request =
        reader.read("{\"file\":\"/opt/jobs/a.jar\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(new SparkSubmitCommand(local).words(request, "t"))
        .containsExactly(
            "/usr/bin/spark-submit",
            "--master",
            "local[2]",
            "--deploy-mode",
            "client",
            "/opt/jobs/a.jar");
  }

  private List<String> driverOptions(String master, String mode, Map<String, String> forced) {
    SubmitSettings settings =
        new SubmitSettings(
            YARN.sparkSubmit(), master, mode, YARN.allowedFiles(), List.of(), List.of(), forced);
    return new SparkSubmitCommand(settings)
        .words(read("{\"file\":\"/opt/jobs/a.jar\"}"), "t").stream()
            .filter(word -> word.contains("JavaOptions"))
            .toList();
  }

  /**
   * With a local master it runs the tasks too, and in cluster mode it is a container's business.
   */
  @Test
  void aDriverThatOnlyPlansIsCompiledQuicklyUnlessTheOperatorSaysOtherwise() {
    assertThat(driverOptions("yarn", "client", Map.of()))
        .containsExactly("spark.driver.defaultJavaOptions=-XX:TieredStopAtLevel=1");
    assertThat(driverOptions("local[2]", "client", Map.of())).isEmpty();
    assertThat(driverOptions("yarn", "cluster", Map.of())).isEmpty();
    assertThat(
            driverOptions(
                "yarn", "client", Map.of("spark.driver.defaultJavaOptions", "-XX:+UseSerialGC")))
        .containsExactly("spark.driver.defaultJavaOptions=-XX:+UseSerialGC");
  }

  @Test
  void argsAreWordsAfterTheFileWhateverTheyLookLike() {
    assertThat(
            words(
                "{\"file\":\"s3a://one/job.jar\",\"args\":[\"--master\",\"local\",\"\",\"a b\",\"$(x)\",\"--conf\"]}"))
        .endsWith("s3a://one/job.jar", "--master", "local", "", "a b", "$(x)", "--conf");
  }

  @Test
  void forcedConfWins() {
    refused(
        "{\"file\":\"s3a://one/job.jar\",\"conf\":{\"spark.eventLog.dir\":\"s3a://evil/\"}}",
        "spark.eventLog.dir");
    SubmitSettings forced =
        new SubmitSettings(
            YARN.sparkSubmit(),
            "local",
            "client",
            YARN.allowedFiles(),
            List.of(),
            List.of(),
            Map.of("spark.speculation", "false"));
    SubmissionBody request =
        reader.read(
            "{\"file\":\"/opt/jobs/a.jar\",\"conf\":{\"spark.speculation\":true}}"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(new SparkSubmitCommand(forced).words(request, "t"))
        .contains("spark.speculation=false")
        .doesNotContain("spark.speculation=true");
  }

  @Test
  void anEventLogGoesUnderItsPrefixesAndNowhereElse() {
    SubmitSettings settings =
        new SubmitSettings(
            YARN.sparkSubmit(),
            "local",
            "client",
            YARN.allowedFiles(),
            List.of("s3a://lake/event-logs"),
            List.of(),
            Map.of());
    SparkSubmitCommand lenient = new SparkSubmitCommand(settings);
    String body =
        "{\"file\":\"/opt/jobs/a.jar\",\"conf\":{\"spark.eventLog.enabled\":true,\"%s\":\"%s\"}}";
    SubmissionBody good = read(body.formatted("spark.eventLog.dir", "s3a://lake/event-logs/mart"));
    assertThat(lenient.words(good, "t"))
        .contains("spark.eventLog.enabled=true", "spark.eventLog.dir=s3a://lake/event-logs/mart");
    for (String elsewhere :
        List.of(
            "s3a://lake/marts", "s3a://lake/event-logs/../marts", "s3a://lake/event-logs2", "")) {
      assertThatExceptionOfType(RejectedException.class)
          .isThrownBy(
              () -> lenient.words(read(body.formatted("spark.eventLog.dir", elsewhere)), "t"))
          .withMessageContaining("conf.spark.eventLog.dir")
          .withMessageContaining("endpoint.event-logs");
    }
    for (String key : List.of("spark.eventlog.dir", "spark.eventLog.logStageExecutorMetrics")) {
      assertThatExceptionOfType(RejectedException.class)
          .isThrownBy(
              () -> lenient.words(read(body.formatted(key, "s3a://lake/event-logs/x")), "t"))
          .withMessageContaining(key);
    }
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> command.words(good, "t"))
        .withMessageContaining("spark.eventLog.");
  }

  private SubmissionBody read(String body) {
    return reader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://code/jars/a.jar",
        "s3a://code/jars/deep/a.jar",
        "/opt/jobs/a.jar",
        "file:/opt/jobs/a.jar",
        "file:///opt/jobs/a.jar",
        "s3a://one/job.jar"
      })
  void filesUnderAPrefixAreTaken(String file) {
    assertThat(words("{\"file\":\"" + file + "\",\"jars\":[\"" + file + "\"]}"))
        .contains("--jars", file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "job.jar",
        "--conf",
        "-x",
        "/etc/passwd",
        "file:/etc/passwd",
        "s3a://code/jarsx/a.jar",
        "s3a://code/other/a.jar",
        "s3a://code/jars/../other/a.jar",
        "s3a://code/jars/./../x",
        "s3a://code/jars/..",
        "/opt/jobs/../../etc/passwd",
        "/opt/jobs/%2e%2e/x",
        "s3a://code/jars/a.jar,s3a://evil/b.jar",
        "s3a://code/jars/a b.jar",
        "s3a://code/jars/*.jar",
        "http://code/jars/a.jar",
        "S3A://code/jars/a.jar",
        "s3a://user:pw@code/jars/a.jar",
        "s3a://one/job.jar.evil",
        "spark-internal",
        "hdfs:///x",
        "s3a://code/jars/a.jar#x",
        "s3a://code/jars/\\u0000a.jar",
        "s3a://code/jars/\\na.jar",
        "s3a:/code/jars/a.jar"
      })
  void everyOtherFileIsRefused(String file) {
    refused("{\"file\":\"" + file + "\"}", "'file'");
    refused("{\"file\":\"s3a://one/job.jar\",\"jars\":[\"" + file + "\"]}", "'jars'");
    refused("{\"file\":\"s3a://one/job.jar\",\"pyFiles\":[\"" + file + "\"]}", "'pyFiles'");
  }

  @Test
  void aliasesAreForFilesAndArchivesOnly() {
    assertThat(words("{\"file\":\"s3a://one/job.jar\",\"archives\":[\"s3a://one/job.jar#env\"]}"))
        .contains("s3a://one/job.jar#env");
    refused("{\"file\":\"s3a://one/job.jar\",\"files\":[\"s3a://one/job.jar#../x\"]}", "alias");
    refused("{\"file\":\"s3a://one/job.jar\",\"files\":[\"s3a://one/job.jar#a#b\"]}", "alias");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.master",
        "spark.MASTER",
        "spark.submit.deployMode",
        "spark.driver.extraClassPath",
        "spark.executor.extraClassPath",
        "spark.driver.extraJavaOptions",
        "spark.driver.defaultJavaOptions",
        "spark.executor.extraLibraryPath",
        "spark.driver.userClassPathFirst",
        "spark.jars",
        "spark.jars.packages",
        "spark.jars.repositories",
        "spark.jars.ivySettings",
        "spark.files",
        "spark.archives",
        "spark.plugins",
        "spark.extraListeners",
        "spark.sql.extensions",
        "spark.sql.queryExecutionListeners",
        "spark.sql.catalog.x",
        "spark.sql.hive.metastore.jars",
        "spark.eventLog.dir",
        "spark.eventLog.enabled",
        "spark.yarn.archive",
        "spark.yarn.jars",
        "spark.yarn.dist.archives",
        "spark.yarn.tags",
        "spark.yarn.submit.waitAppCompletion",
        "spark.yarn.keytab",
        "spark.yarn.appMasterEnv.LD_PRELOAD",
        "spark.executorEnv.LD_PRELOAD",
        "spark.pyspark.python",
        "spark.pyspark.driver.python",
        "spark.r.command",
        "spark.driver.resource.gpu.discoveryScript",
        "spark.resources.discoveryPlugin",
        "spark.kerberos.keytab",
        "spark.authenticate.secret",
        "spark.hadoop.fs.s3a.secret.key",
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.session.token",
        "spark.my.password",
        "spark.hadoop.fs.s3a.aws.credentials.provider",
        "spark.hadoop.fs.s3a.endpoint",
        "spark.hadoop.fs.s3a.impl",
        "spark.hadoop.hadoop.security.credential.provider.path",
        "spark.hadoop.yarn.resourcemanager.address",
        "spark.ui.filters",
        "spark.metrics.conf",
        "spark.redaction.regex",
        "spark.launcher.childProcLoggerName",
        "spark.repl.class.uri",
        "spark.submit.pyFiles",
        "spark.executor.extraJavaOptions",
        "spark.executor.defaultJavaOptions",
        "spark.yarn.am.extraJavaOptions",
        "spark.kubernetes.driver.podTemplateFile",
        "spark.kubernetes.container.image",
        "spark.sql.redaction.string.regex",
        "spark.hadoop.hadoop.security.authentication",
        "spark.hadoop.fs.s3a.bucket.lake.endpoint",
        "spark.hadoop.fs.s3a.connection.ssl.enabled",
        "spark.hadoop.fs.s3a.server-side-encryption.key",
        "spark.hadoop.fs.azure.account.key.x",
        "spark.hadoop.fs.defaultFS",
        "spark.hadoop.net.topology.script.file.name",
        "spark.executor.plugins",
        "spark.driver.log.dfsDir",
        "spark.history.fs.logDirectory"
      })
  void confThatChoosesWhereWhatOrASecretIsRefused(String key) {
    refused(
        "{\"file\":\"s3a://one/job.jar\",\"conf\":{\"" + key + "\":\"x\"}}",
        "'" + key + "' may not be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.sql.shuffle.partitions",
        "spark.executor.memoryOverhead",
        "spark.dynamicAllocation.enabled",
        "spark.sql.adaptive.enabled",
        "spark.yarn.queue",
        "spark.yarn.maxAppAttempts",
        "spark.hadoop.fs.s3a.committer.name",
        "spark.hadoop.fs.s3a.path.style.access",
        "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a",
        "spark.sql.session.timeZone",
        "spark.sql.sources.partitionOverwriteMode",
        "spark.driver.maxResultSize",
        "spark.sql.parquet.compression.codec",
        "spark.speculation"
      })
  void tuningIsAllowed(String key) {
    assertThat(words("{\"file\":\"s3a://one/job.jar\",\"conf\":{\"" + key + "\":\"x\"}}"))
        .contains(key + "=x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.a=b",
        "--conf",
        "spark.a b",
        "spark.\\u0000",
        "spark.a\\nspark.b",
        " spark.master",
        "spark.master ",
        "Spark.Master",
        "\\tspark.driver.extraClassPath",
        "sp\\u200bark.master",
        "spark.master\\n",
        "spark .master",
        "\\u00a0spark.jars",
        " --master"
      })
  void confKeysOfAnotherFormAreRefused(String key) {
    refused(
        "{\"file\":\"s3a://one/job.jar\",\"conf\":{\"" + key + "\":\"x\"}}",
        "is not a Spark setting's name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "",
        "master",
        "hive.x",
        "livy.spark.master",
        "sparkle.x",
        "x=spark.master",
        "ключ",
        "-c",
        "a\\nspark.master=x",
        "x --conf spark.master"
      })
  void whatIsNoSettingOfSparkIsLeftOutAndNoted(String key) {
    String body = "{\"file\":\"s3a://one/job.jar\",\"conf\":{\"" + key + "\":%s}}";

    assertThat(words(body.formatted("1")))
        .isEqualTo(words("{\"file\":\"s3a://one/job.jar\",\"conf\":{}}"));
    assertThat(read(body.formatted("\"a\\nb\"")).notes())
        .containsExactly(
            "caravan: left out of conf, since Spark's settings begin with 'spark.': '"
                + key.replace("\\n", "?")
                + "'");
    refused(body.formatted("[]"), "is not a string, number or boolean");
  }

  @Test
  void valuesOfOptionsCantBecomeOptions() {
    refused("{\"file\":\"s3a://one/job.jar\",\"name\":\"--conf\"}", "'name'");
    refused("{\"file\":\"s3a://one/job.jar\",\"queue\":\"-x\"}", "'queue'");
    refused("{\"file\":\"s3a://one/job.jar\",\"className\":\"--class\"}", "'className'");
    refused("{\"file\":\"s3a://one/job.jar\",\"driverMemory\":\"1g --conf x\"}", "'driverMemory'");
    refused("{\"file\":\"s3a://one/job.jar\",\"args\":[\"a\\u0000b\"]}", "NUL");
  }

  @Test
  void onlyNamedUsersCanBeActedFor() {
    assertThat(words("{\"file\":\"s3a://one/job.jar\",\"proxyUser\":\"etl\"}"))
        .contains("--proxy-user", "etl");
    refused(
        "{\"file\":\"s3a://one/job.jar\",\"proxyUser\":\"root\"}",
        "'root' is not one of endpoint.proxy-users");
  }
}
