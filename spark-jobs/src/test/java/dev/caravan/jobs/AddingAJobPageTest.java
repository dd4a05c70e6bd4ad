package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.marts.Datamart;
import dev.caravan.jobs.marts.Inputs;
import dev.caravan.jobs.marts.Lake;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page for those who add a job is compiled and run as it stands there. */
@Tag("slow")
class AddingAJobPageTest {
  private static final Path PAGE = Path.of("../docs/adding-a-job.md");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern CLASS = Pattern.compile("(?m)^(?:public final )?class (\\w+)");

  @TempDir private Path directory;

  @Test
  void theJobOfThePageAndItsTestWork() throws Exception {
    List<String> blocks =
        JAVA.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    assertThat(blocks).hasSize(3);
    assertThat(blocks.stream().flatMap(String::lines).count()).isLessThan(64);
    // The build refuses lines that are wider.
    assertThat(blocks.stream().flatMap(String::lines)).allMatch(line -> line.length() <= 100);
    compile(blocks);
    ClassLoader loader =
        new URLClassLoader(
            new URL[] {directory.resolve("classes").toUri().toURL()},
            AddingAJobPageTest.class.getClassLoader());
    runTests(loader.loadClass("dev.caravan.jobs.marts.ActiveUsersTransformTest"));

    Datamart job = (Datamart) created(loader.loadClass("dev.caravan.jobs.marts.ActiveUsersJob"));
    TestLake lake = new TestLake(directory).cities();
    lake.day(
        "2022-05-01",
        new RawEvents()
            .message(1, 10, "2022-05-01T10:00:00", -33.8, 151.2)
            .message(2, 10, "2022-05-01T11:00:00", null, null)
            .message(3, null, "2022-05-01T12:00:00", -33.8, 151.2));
    DateWindow window = new DateWindow(LocalDate.of(2022, 5, 1), 1);
    Inputs inputs =
        new Inputs(
            new Lake(
                TestSession.spark(),
                new org.apache.hadoop.fs.Path(lake.events()),
                new org.apache.hadoop.fs.Path(lake.dictionary()),
                List.of(window)),
            window,
            Instant.EPOCH,
            Set.of());
    assertThat(job.name()).isEqualTo("active-users-dm");
    assertThat(job.rows(inputs).collectAsList())
        .extracting(Row::toString)
        .containsExactly("[10,2]");
  }

  @Test
  void whatThePageNamesIsThere() throws Exception {
    Path root = PAGE.getParent().getParent();
    String page = Files.readString(PAGE);
    List<String> files = all(page, "`(spark-jobs/src/[^`]+\\.java)`");
    assertThat(files).hasSize(3);
    Path datamarts = root.resolve(files.get(2));
    // The line that is replaced stands there, and what replaces it compiles with the page's class.
    String diff = all(page, "(?s)```diff\n(.*?)```").get(0);
    String source = Files.readString(datamarts);
    assertThat(source).contains(side(diff, "-"));
    for (String job : all(source, "new (\\w+Job)\\(\\)")) {
      assertThat(side(diff, "+")).contains("new " + job + "()");
    }
    assertThat(side(diff, "+")).contains("new ActiveUsersJob()");
    for (String command : all(page, "(?m)^(\\./\\w+) ")) {
      assertThat(root.resolve(command)).isExecutable();
    }
    assertThat(all(page, " -pl ([\\w-]+)"))
        .isNotEmpty()
        .allSatisfy(module -> assertThat(root.resolve(module).resolve("pom.xml")).exists());
  }

  private static List<String> all(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** The lines of a diff that are taken away, or those that are put there. */
  private static String side(String diff, String sign) {
    return diff.lines()
        .filter(line -> line.startsWith(sign))
        .map(line -> line.substring(1) + "\n")
        .collect(Collectors.joining());
  }

  private void compile(List<String> blocks) throws Exception {
    List<Path> files = new ArrayList<>();
    for (String block : blocks) {
      Matcher name = CLASS.matcher(block);
      assertThat(name.find()).isTrue();
      files.add(Files.writeString(directory.resolve(name.group(1) + ".java"), block));
    }
    Path classes = Files.createDirectory(directory.resolve("classes"));
    StringWriter said = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "--release",
              "8",
              "-Xlint:-options",
              "-proc:none",
              "-d",
              classes.toString(),
              "-classpath",
              System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(
                  said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(compiled).as(said::toString).isTrue();
    }
  }

  private static void runTests(Class<?> tests) throws Exception {
    int run = 0;
    for (Method method : tests.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        method.setAccessible(true);
        method.invoke(created(tests));
        run++;
      }
    }
    assertThat(run).isPositive();
  }

  private static Object created(Class<?> type) throws Exception {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
