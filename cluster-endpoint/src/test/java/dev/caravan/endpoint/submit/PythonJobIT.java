package dev.caravan.endpoint.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.endpoint.settings.SubmitSettings;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Python job of docs/pipelines.md, as the orchestrator sends it (its PythonJobTest), is
 * understood by the parser of Spark's own spark-submit as it is meant.
 */
class PythonJobIT {
  private static final Path REQUEST = Path.of("../processors/src/test/resources/python-batch.json");
  private static final Path SPARK_JARS =
      Path.of("../local-cloud/spark-home/target/spark-home/jars");

  private static List<String> words() throws IOException {
    SubmitSettings settings =
        new SubmitSettings(
            Path.of("/usr/bin/spark-submit"),
            "yarn",
            "client",
            List.of("s3a://lake/jobs"),
            List.of(),
            List.of(),
            Map.of());
    return new SparkSubmitCommand(settings)
        .words(new SubmissionBodyReader().read(Files.readAllBytes(REQUEST)), "tag-1");
  }

  private static URL[] sparkJars() throws IOException {
    try (Stream<Path> jars = Files.list(SPARK_JARS)) {
      return jars.map(Path::toUri)
          .map(
              uri -> {
                try {
                  return uri.toURL();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toArray(URL[]::new);
    }
  }

  /** Spark's own classes, without those of this test. */
  private record Spark(URLClassLoader loader) {
    private Object converted(String method, Class<?> type, Object value)
        throws ReflectiveOperationException {
      return loader
          .loadClass("scala.collection.JavaConverters")
          .getMethod(method, type)
          .invoke(null, value);
    }

    @SuppressWarnings("unchecked")
    List<Object> list(Object seq) throws ReflectiveOperationException {
      return (List<Object>)
          converted("seqAsJavaList", loader.loadClass("scala.collection.Seq"), seq);
    }

    Object parsed(List<String> words) throws ReflectiveOperationException {
      Class<?> type = loader.loadClass("org.apache.spark.deploy.SparkSubmitArguments");
      Object nothing =
          loader
              .loadClass("scala.collection.immutable.Map$EmptyMap$")
              .getField("MODULE$")
              .get(null);
      Object variable =
          loader
              .loadClass("scala.Tuple2")
              .getConstructor(Object.class, Object.class)
              .newInstance("HADOOP_CONF_DIR", "/etc/hadoop/conf");
      Class<?> map = loader.loadClass("scala.collection.immutable.Map");
      Object environment =
          map.getMethod("$plus", loader.loadClass("scala.Tuple2")).invoke(nothing, variable);
      return type.getConstructor(loader.loadClass("scala.collection.Seq"), map)
          .newInstance(converted("asScalaBuffer", List.class, words), environment);
    }
  }

  private static Object ask(Object arguments, String question) throws ReflectiveOperationException {
    return arguments.getClass().getMethod(question).invoke(arguments);
  }

  @Test
  void sparkSubmitTakesTheDocumentedJobForAPythonJobWithItsFilesAndArguments() throws Exception {
    List<String> words = words();
    try (URLClassLoader loader =
        new URLClassLoader(sparkJars(), ClassLoader.getPlatformClassLoader())) {
      Spark spark = new Spark(loader);
      Object arguments = spark.parsed(words.subList(1, words.size()));

      assertThat(ask(arguments, "primaryResource")).isEqualTo("s3a://lake/jobs/report.py");
      assertThat(ask(arguments, "isPython")).isEqualTo(true);
      assertThat(ask(arguments, "mainClass")).isNull();
      assertThat(ask(arguments, "pyFiles")).isEqualTo("s3a://lake/jobs/lib.zip");
      assertThat(ask(arguments, "archives")).isEqualTo("s3a://lake/jobs/tables.zip#tables");
      assertThat(ask(arguments, "executorMemory")).isEqualTo("4g");
      assertThat(ask(arguments, "name")).isEqualTo("reports/report/2026-11-21/1");
      assertThat(ask(arguments, "sparkProperties").toString())
          .contains("spark.sql.shuffle.partitions -> 64");
      assertThat(spark.list(ask(arguments, "childArgs")))
          .containsExactly(
              "--date",
              "2026-11-21",
              "--since",
              "2026-11-14",
              "--title",
              "Messages per user, week by week");
    }
  }
}
