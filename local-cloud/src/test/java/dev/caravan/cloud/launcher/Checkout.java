package dev.caravan.cloud.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A checkout with the real {@code caravan} script and stand-ins for Maven and Java, which write
 * down their words; on the PATH is only what the script needs.
 */
final class Checkout {
  private static final List<String> TOOLS =
      List.of(
          "basename cat chmod cp cut date df env find git grep head id kill locale mkdir mkfifo mv paste ps readlink rm sed setsid sh sleep sort stty timeout touch tr uname"
              .split(" "));

  private static final String JAVA =
      """
      #!/bin/sh
      [ -z "${JAVA_TOOL_OPTIONS:-}" ] || echo "Picked up JAVA_TOOL_OPTIONS: $JAVA_TOOL_OPTIONS" >&2
      if [ "$1" = -version ]; then echo 'openjdk version "%s" 2026-01-01' >&2; exit; fi
      for word; do last="$word"; done
      echo "java: $*"
      """;

  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$*" >>maven.log
      env >maven.environment
      case " $* " in
        *" clean "*) rm -rf target */target local-cloud/*/target; exit ;;
      esac
      for file in spark-jobs/target/caravan-spark-jobs.jar routes/target/caravan.jar cluster-endpoint/target/caravan-cluster-endpoint.jar \\
        local-cloud/target/caravan-local-cloud.jar bench/target/caravan-bench.jar local-cloud/spark-home/target/spark-home/jars/x \\
        local-cloud/s3/target/s3/lib/x local-cloud/livy/target/livy/lib/x; do
        mkdir -p "${file%/*}"
        echo built >"$file"
        [ ! -e hang ] || { setsid sleep 300 & echo $! >bystander; sleep 300; }
      done
      cp cluster-endpoint/src/main/bin/caravan-endpoint cluster-endpoint/target/
      if [ -e fail ]; then exit 7; fi
      """;

  private final Path root;
  private final Path tools;
  private final Path said;
  private final Map<String, String> environment = new TreeMap<>();

  Checkout(Path directory) throws IOException {
    root = Files.createDirectories(directory.resolve("каталог с [пробелом] 'и'/caravan"));
    tools = Files.createDirectories(directory.resolve("tools"));
    said = directory.resolve("said");
    Path real = Path.of("..").toRealPath();
    copy(real.resolve("caravan"), root.resolve("caravan"));
    copy(real.resolve("pom.xml"), root.resolve("pom.xml"));
    copy(real.resolve(".mvn/proxy-settings.xml"), root.resolve(".mvn/proxy-settings.xml"));
    for (String module :
        List.of(
            "routes",
            "processors",
            "shared",
            "cluster-endpoint",
            "spark-jobs",
            "local-cloud",
            "local-cloud/spark-home",
            "local-cloud/s3",
            "local-cloud/livy",
            "local-cloud/yarn",
            "bench",
            "bench/naive")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.writeString(root.resolve(module).resolve("pom.xml"), "<project/>");
    }
    copy(
        real.resolve("cluster-endpoint/src/main/bin/caravan-endpoint"),
        root.resolve("cluster-endpoint/src/main/bin/caravan-endpoint"));
    script(root.resolve("mvnw"), MAVEN);
    jdk(tools, "17.0.15");
    for (String tool : TOOLS) {
      tool(tool);
    }
    tool("bash");
    environment.put("PATH", tools.toString());
    environment.put("HOME", directory.toString());
    environment.put("LC_ALL", "C.UTF-8");
  }

  Path root() {
    return root;
  }

  Path caravan() {
    return root.resolve("caravan");
  }

  /** A variable of the environment in which the script runs, which has few others. */
  Checkout with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** The script finds the machine's own program of that name. */
  Checkout tool(String name) throws IOException {
    Path program = Path.of("/usr/bin", name);
    return Files.isExecutable(program) ? tool(name, "exec " + program + " \"$@\"") : this;
  }

  /** The script finds a program of that name that does this. */
  Checkout tool(String name, String text) throws IOException {
    Files.deleteIfExists(tools.resolve(name));
    script(tools.resolve(name), "#!/bin/sh\n" + text + "\n");
    return this;
  }

  Checkout without(String name) throws IOException {
    Files.deleteIfExists(tools.resolve(name));
    return this;
  }

  /** Puts a java and a javac of that version into the directory. */
  static Path jdk(Path directory, String version) throws IOException {
    Files.createDirectories(directory);
    for (String name : List.of("java", "javac")) {
      script(directory.resolve(name), JAVA.formatted(version));
    }
    return directory;
  }

  /** What was started last in this checkout has been built an hour ago. */
  Checkout built() throws Exception {
    assertThat(run(0, "build")).isNotNull();
    Files.delete(root.resolve("maven.log"));
    age(root);
    return this;
  }

  private static void age(Path directory) throws IOException {
    FileTime hourAgo = FileTime.from(Instant.now().minusSeconds(3600));
    try (var files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, hourAgo);
      }
    }
  }

  /** With what Maven was called, one line a call. */
  List<String> maven() throws IOException {
    Path log = root.resolve("maven.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** What the script says, on both streams, and that it ends with this code. */
  String run(int exitCode, String... words) throws Exception {
    return run(exitCode, root, caravan(), words);
  }

  String run(int exitCode, Path directory, Path caravan, String... words) throws Exception {
    Process process = start(directory, caravan, words);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(this::said).isTrue();
    assertThat(process.exitValue()).as(this::said).isEqualTo(exitCode);
    return said();
  }

  /** In a process group of its own, as a shell starts it. */
  Process start(Path directory, Path caravan, String... words) throws IOException {
    // Bash can't trap a signal that its caller ignores, as nohup and a shell's background jobs do.
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/env",
                "--default-signal=HUP,INT,TERM",
                "/usr/bin/setsid",
                caravan.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  String said() {
    try {
      return Files.readString(said).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
