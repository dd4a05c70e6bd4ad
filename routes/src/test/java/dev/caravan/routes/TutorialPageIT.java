package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.process.ChildProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/tutorial.md as they stand there, on the playground of {@code ./caravan demo
 * --stay}, which is ended as Ctrl-C ends it.
 */
class TutorialPageIT {
  private static final Path PAGE = Path.of("../docs/tutorial.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final Duration START_BOUND = Duration.ofMinutes(4);
  private static final Duration BOUND = Duration.ofMinutes(4);
  private static final Duration END_BOUND = Duration.ofSeconds(90);
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path directory;
  private final List<ChildProcess> started = new ArrayList<>();

  /** A checkout whose launcher finds everything built; the real one would build within a build. */
  @BeforeEach
  void prepare() throws IOException {
    Path launcher = directory.resolve("caravan");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        [ "$1" = demo ] || exec '%1$s/caravan' "$@"
        shift
        exec %2$s --rows 20000 "$@"
        """
            .formatted(
                CHECKOUT,
                String.join(
                    " ",
                    ChildProcess.jar(
                        "512m", CHECKOUT.resolve("local-cloud/target/caravan-local-cloud.jar")))));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(directory.resolve("local-cloud"), CHECKOUT.resolve("local-cloud"));
  }

  @AfterEach
  void end() {
    started.forEach(ChildProcess::close);
  }

  private ChildProcess start(String name, Path where, String script) throws IOException {
    ChildProcess process =
        ChildProcess.start(
            name,
            List.of("sh", "-c", "cd '" + where + "'\n" + script),
            // Dates such as -3d are of this zone; without the mark the launcher looks for sources.
            Map.of("TZ", "UTC", "CARAVAN_BUILD_MARK", "1", "COLUMNS", "120"),
            directory.resolve(name + ".log"));
    started.add(process);
    return process;
  }

  private String said(String name, Path where, String block) throws Exception {
    ChildProcess process = start(name, where, "set -eu\n" + block);
    assertThat(process.exitCode(BOUND)).as(name + ":\n" + process.log()).contains(0);
    return process.log();
  }

  private static void interrupt(ChildProcess process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  private void assertEndsByCtrlC(ChildProcess demo, Path playground) throws Exception {
    interrupt(demo);
    assertThat(demo.exitCode(END_BOUND)).as(demo::log).contains(130);
    assertThat(demo.log()).contains("ending all of it").endsWith("cluster: STOPPED\n");
    assertThat(demo.living()).isZero();
    assertThat(
            ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(playground.toString())))
        .isEmpty();
  }

  @Test
  void everyCommandDoesWhatThePageSays() throws Exception {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    Path playground = directory.resolve("playground");
    ChildProcess demo = start("demo", directory, "exec " + blocks.get(0));
    demo.await(
        "it was ready",
        START_BOUND,
        () -> Stream.of(demo.log()).filter(TutorialPageIT::isReady).findAny());

    List<String> expected =
        List.of(
            "datamarts/",
            "STOPPED",
            "no input for",
            // It may be in use by the run of the other pipeline's schedule.
            "/2: SUCCEEDED",
            "bigint",
            "QUEUED",
            "CANCELLED",
            "datamarts: submitted as batch",
            "every: 2m",
            "",
            "",
            "in 1 object (parquet)",
            "exit code 1");
    assertThat(blocks).hasSize(1 + expected.size());
    assertThat(said("look", directory, blocks.get(1) + "true"))
        .contains("datamarts/", "demographics/", "FAILED", "SUCCEEDED", "BACKFILL");
    for (int i = 2; i < blocks.size(); i++) {
      assertThat(said("block-" + i, playground, blocks.get(i)))
          .as(blocks.get(i))
          .contains(expected.get(i - 1))
          .doesNotContain("no server runs with these settings");
    }
    assertThat(Files.readString(directory.resolve("block-13.log")))
        .contains("breaks its contract", "promised at least 1,000,000 rows", "Not verified");
    assertThat(demo.log()).contains("the server ended with exit code 137; starting it again");
    assertEndsByCtrlC(demo, playground);
  }

  private static boolean isReady(String log) {
    return log.contains("Ctrl-C here ends all of it.");
  }

  /** With a stand-in for Spark, whose job sleeps: the end comes while it runs. */
  @Test
  void aPipelineAndAJarOfOnesOwnComeAlongAndCtrlCEndsARun() throws Exception {
    Path submit = Files.createDirectories(directory.resolve("spark/bin")).resolve("spark-submit");
    Files.writeString(
        submit,
        "#!/bin/sh\n[ \"$1\" != --version ] || exit 0\necho \"$*\" >>'"
            + directory
            + "/submitted'\nexec sleep 100\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(directory.resolve("mine.jar"), "a jar");
    Files.writeString(
        directory.resolve("mine.yaml"),
        """
        cluster: main
        jobs:
          mine: { file: s3a://lake/jars/mine.jar, class: a.Main, args: ["{date}"] }
        """);
    ChildProcess demo =
        start(
            "demo",
            directory,
            "exec ./caravan demo --stay --rows 300 --spark-home '"
                + directory.resolve("spark")
                + "' --pipeline mine.yaml --jar mine.jar");
    demo.await(
        "it was ready",
        START_BOUND,
        () -> Stream.of(demo.log()).filter(TutorialPageIT::isReady).findAny());
    Path playground =
        Path.of(
            Pattern.compile("(?m)^  cd (.*)$")
                .matcher(demo.log())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1));
    await().atMost(BOUND).until(() -> Files.exists(directory.resolve("submitted")));
    assertThat(Files.readString(directory.resolve("submitted")))
        .contains("s3a://lake/jars/mine.jar");
    String s3 =
        said(
                "config",
                playground,
                "./caravan config -o csv | sed -n 's/^caravan.s3.endpoint,\\([^,]*\\),.*/\\1/p'")
            .strip();
    HttpURLConnection jar =
        (HttpURLConnection) URI.create(s3 + "/lake/jars/mine.jar").toURL().openConnection();
    assertThat(jar.getInputStream().readAllBytes()).asString().isEqualTo("a jar");

    assertEndsByCtrlC(demo, playground);
    assertThat(playground).doesNotExist();
  }
}
