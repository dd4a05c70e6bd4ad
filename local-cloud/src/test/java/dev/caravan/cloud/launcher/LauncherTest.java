package dev.caravan.cloud.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code caravan}, whatever the machine and the checkout are like. */
@Tag("slow")
class LauncherTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String RUN =
      "java: -Djdk.console=java.base -XX:+IgnoreUnrecognizedVMOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
          + " -Xms16m -Xmx256m -XX:NewSize=4m -XX:MaxNewSize=24m -XX:NewRatio=4 -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30 -XX:CompileThresholdScaling=3"
          + " -XX:TrimNativeHeapInterval=5000 -Dio.netty.allocator.maxOrder=5"
          + " -XX:SharedArchiveFile=%1$s/routes/target/caravan.jsa -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"
          + " -Xlog:disable -Xlog:all=error:stderr -jar %1$s/routes/target/caravan.jar run --date 2026-11-21";

  @TempDir Path directory;
  private Checkout checkout;

  @BeforeEach
  void prepare() throws Exception {
    checkout = new Checkout(directory);
  }

  private String run() throws Exception {
    return checkout.run(0, "run", "--date", "2026-11-21");
  }

  private String expected() {
    return RUN.formatted(checkout.root());
  }

  @Test
  void isFoundThroughLinksFromAnywhereAndWithACdPath() throws Exception {
    checkout.built().with("CDPATH", checkout.root().getParent() + ":.");
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("first"), bin.relativize(checkout.caravan()));
    Files.createSymbolicLink(bin.resolve("second"), Path.of("first"));

    for (Path launcher : List.of(bin.resolve("second"), Path.of("./first"))) {
      assertThat(checkout.run(0, bin, launcher, "run", "--date", "2026-11-21"))
          .isEqualTo(expected());
    }
    assertThat(checkout.run(0, checkout.root().getParent(), Path.of("caravan/caravan"), "version"))
        .startsWith("caravan 0.");
  }

  @Test
  void javaIsFoundWhateverIsSetAroundIt() throws Exception {
    checkout.built().with("JAVA_TOOL_OPTIONS", "-Dx=11");
    assertThat(run()).isEqualTo("Picked up JAVA_TOOL_OPTIONS: -Dx=11\n" + expected());

    Path home = Checkout.jdk(directory.resolve("a jdk/bin"), "21").getParent();
    checkout.without("java").without("javac").with("JAVA_HOME", home.toString());
    assertThat(run()).endsWith(expected());
    checkout.run(0, "build");

    // Its own file is believed first.
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"16.0.2\"\n");
    assertThat(checkout.run(2, "run"))
        .contains("JAVA_HOME is a Java 16 (" + home + "/bin/java): Caravan needs 17 or later");
    Files.delete(home.resolve("bin/java"));
    Files.delete(home.resolve("bin/javac"));
    for (String command : List.of("run", "build")) {
      assertThat(checkout.run(2, command))
          .startsWith("caravan: JAVA_HOME is " + home + ", but there is no bin/java");
    }
    checkout.with("JAVA_HOME", "");
    assertThat(checkout.run(2, "logs")).contains("no java on the PATH", "openjdk-17-jdk-headless");
    Checkout.jdk(directory.resolve("tools"), "1.8.0_402");
    assertThat(checkout.run(2, "build"))
        .contains("the first java on the PATH is a Java 8", "tools/javac");
    checkout.tool("java", "echo 'this is no Java' >&2");
    assertThat(checkout.run(2, "logs")).contains("doesn't tell its version", "this is no Java");
  }

  @ParameterizedTest
  @CsvSource({
    "runn, run",
    "tset, test",
    "--row, ''",
    "server, serve",
    "log, logs",
    "bulid, build",
    "x, ''"
  })
  void aMisspeltCommandGetsOneLineWithTheNearest(String word, String nearest) throws Exception {
    assertThat(checkout.run(2, word))
        .hasLineCount(1)
        .contains(
            word.startsWith("-")
                ? "a command comes before its options: ./caravan COMMAND --row"
                : "unknown command '"
                    + word
                    + "'"
                    + (nearest.isEmpty() ? "" : ", did you mean '" + nearest + "'?")
                    + " (./caravan help lists the commands)");
  }

  @Test
  void helpAndVersionNeitherBuildNorNeedJava() throws Exception {
    checkout.without("java").without("javac");
    assertThat(checkout.run(0)).startsWith("usage: ./caravan COMMAND");
    for (String command : List.of("build", "test", "bench")) {
      assertThat(checkout.run(0, command, "--help")).startsWith("usage: ./caravan " + command);
      assertThat(checkout.run(0, "help", command)).startsWith("usage: ./caravan " + command);
    }
    for (String words : List.of("--version", "-V", "version", "run --version", "chaos -V")) {
      assertThat(checkout.run(0, words.split(" "))).startsWith("caravan 0.").contains("not built");
    }
    assertThat(checkout.run(2, "build", "routes")).contains("build takes no options", "'routes'");
    assertThat(checkout.maven()).isEmpty();
  }

  @Test
  void versionTellsWhatWasBuilt() throws Exception {
    checkout.built();
    assertThat(checkout.run(0, "--version")).containsPattern("caravan 0\\.\\S+\nbuilt 20\\S+Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "serve", "logs", "endpoint", "demo --help", "bench spark --help"})
  void whatWorksForALivingNeverBuilds(String command) throws Exception {
    String[] words = command.split(" ");
    assertThat(checkout.run(2, words))
        .isEqualTo("caravan: nothing is built yet; call: " + checkout.root() + "/caravan build");

    checkout.built();
    assertThat(checkout.run(0, words)).startsWith("java: ").hasLineCount(1);
    Files.writeString(checkout.root().resolve("shared/src/main/X.java"), "no Java");
    if (words.length == 1) {
      assertThat(checkout.run(0, words))
          .containsPattern("^caravan: what runs was built at 20\\S+Z and is older than the sources")
          .contains("\njava: ")
          .hasLineCount(2);
      // Maven was called without the script.
      for (String jar : List.of("routes/target/caravan.jar", "cluster-endpoint/target/x.jsa")) {
        Files.writeString(checkout.root().resolve(jar), "anew");
      }
      assertThat(checkout.run(0, words)).startsWith("java: ").hasLineCount(1);
    }
    assertThat(checkout.maven()).isEmpty();
  }

  @Test
  void theDemoBuildsWhatIsMissingOrOutOfDate() throws Exception {
    assertThat(checkout.run(0, "demo", "--rows", "300"))
        .contains(
            "caravan: building (",
            "java: -Djdk.console=java.base -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m");
    assertThat(checkout.maven()).containsExactly("-B -ntp -q package -Dmaven.test.skip=true");
    checkout.built();
    assertThat(checkout.run(0, "demo")).startsWith("java: ");
    Files.writeString(checkout.root().resolve("local-cloud/yarn/src/main/X"), "changed");
    checkout.run(0, "chaos");
    assertThat(checkout.maven()).hasSize(1);
    Files.delete(checkout.root().resolve("bench/target/caravan-bench.jar"));
    checkout.run(0, "bench", "endpoint");
    assertThat(checkout.maven()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void anInterruptedBuildLeavesNoProcessAndNothingHalf(String signal, int exitCode)
      throws Exception {
    checkout.built();
    Path hang = Files.createFile(checkout.root().resolve("hang"));
    Path bystander = checkout.root().resolve("bystander");
    Process build = checkout.start(checkout.root(), checkout.caravan(), "build");
    await().atMost(BOUND).until(() -> Files.exists(bystander) && Files.size(bystander) > 0);
    assertThat(checkout.run(2, "run")).contains("is building here; call again when it is done");
    assertThat(checkout.run(2, "build")).contains("is building here");
    // As a terminal does it: to the whole group; and the script waits until all are gone.
    Process kill = new ProcessBuilder("kill", "-" + signal, "--", "-" + build.pid()).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(build.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(build.exitValue()).isEqualTo(exitCode);
    // A dead one that nobody has waited for yet has no words.
    Path left = Path.of("/proc", Files.readString(bystander).strip(), "cmdline");
    assertThat(Files.exists(left) ? Files.readString(left) : "").doesNotContain("sleep");

    Files.delete(hang);
    for (String command : List.of("run", "serve", "logs", "endpoint")) {
      assertThat(checkout.run(2, command)).contains("the last build was interrupted");
    }
    Files.delete(checkout.root().resolve("maven.log"));
    assertThat(checkout.run(0, "build")).contains("building everything anew");
    assertThat(checkout.maven())
        .containsExactly("-B -ntp -q clean", "-B -ntp -q package -Dmaven.test.skip=true");
    assertThat(run()).isEqualTo(expected());
  }

  @Test
  void aBuildThatFailsEndsWithMavensCodeAndIsNotTakenForAnInterruptedOne() throws Exception {
    Path fail = Files.createFile(checkout.root().resolve("fail"));
    checkout.run(7, "build");
    checkout.run(7, "demo");
    Files.delete(fail);
    checkout.run(0, "build");
    assertThat(checkout.maven()).hasSize(3).noneMatch(line -> line.contains("clean"));
  }

  @Test
  void aBuildThatFailsOnAFullDiskIsTakenForAnInterruptedOne() throws Exception {
    Path fail = Files.createFile(checkout.root().resolve("fail"));
    checkout.tool(
        "df",
        "echo 'Filesystem 1048576-blocks Used Available Capacity Mounted on'; echo '/dev/sd a1 9000   8991      9      100% /'");
    assertThat(checkout.run(7, "build")).contains("9 MB are left on the disk of");
    assertThat(checkout.run(2, "run")).contains("the last build was interrupted");
    Files.delete(fail);
    assertThat(checkout.run(0, "build")).contains("building everything anew");
  }

  @Test
  void whereNothingCanBeWrittenABuildSaysSoAndTakesNothingAway() throws Exception {
    Files.writeString(checkout.root().resolve("target"), "a file in the place of the directory");
    assertThat(checkout.run(2, "build"))
        .endsWith("caravan/target can't be written to, so nothing can be built here");
    assertThat(checkout.maven()).isEmpty();
  }

  @Test
  void aShellThatIsNoBashAndAServiceWithoutAHomeWillDo() throws Exception {
    Path sh = directory.resolve("tools/sh");
    checkout.with("HOME", "");
    assertThat(checkout.run(0, checkout.root(), sh, "./caravan", "build")).contains("building");
    assertThat(Files.readAllLines(checkout.root().resolve("maven.environment")))
        .anyMatch(line -> line.matches("HOME=/.+"));
  }

  @Test
  void testNamesAllThatTheMachineLacksAndRootHasItInstalled() throws Exception {
    for (String program :
        List.of(
            "chromedriver",
            "chromium",
            "curl",
            "debootstrap",
            "git",
            "promtool",
            "setsid",
            "systemd-analyze",
            "unshare",
            "unzip",
            "javac")) {
      checkout.without(program);
    }
    checkout.tool("id", "echo 1000");
    assertThat(checkout.run(2, "test"))
        .isEqualTo(
            "caravan: the tests need programs that this machine lacks: chromedriver chromium curl debootstrap git promtool setsid systemd-analyze unshare unzip javac."
                + " Install them (Debian: apt-get install chromium chromium-driver curl debootstrap git openjdk-17-jdk-headless prometheus systemd unzip util-linux)");

    checkout.tool("id", "echo 0").tool("apt-get", "echo \"apt-get $*\"; exit 100");
    assertThat(checkout.run(2, "test"))
        .contains(
            "apt-get -y --no-install-recommends -o Acquire::Retries=1 -o Acquire::http::Timeout=20 update",
            "shellcheck can't be installed",
            "the tests need programs that this machine lacks: chromedriver chromium curl");
    String tools = directory.resolve("tools").toString();
    checkout.tool(
        "apt-get",
        "for p in chromedriver chromium curl debootstrap git promtool setsid systemd-analyze unshare unzip shellcheck javac; do cp %s/java %s/$p; done"
            .formatted(tools, tools));
    assertThat(checkout.maven()).isEmpty();
    checkout.run(0, "test");
    assertThat(checkout.maven()).containsExactly("-B -ntp -T 3 --fail-at-end verify");
  }

  @Test
  void testPassesItsWordsToMavenAndTheMarkToWhatItStarts() throws Exception {
    for (String program :
        List.of(
            "chromedriver",
            "chromium",
            "curl",
            "debootstrap",
            "promtool",
            "systemd-analyze",
            "unshare",
            "unzip",
            "shellcheck")) {
      checkout.tool(program, "exit");
    }
    checkout.run(0, "test", "-pl", "routes");
    assertThat(checkout.maven()).containsExactly("-B -ntp -T 3 --fail-at-end verify -pl routes");
    assertThat(checkout.root().resolve("maven.environment"))
        .content()
        .contains("CARAVAN_BUILD_MARK=");
    assertThat(checkout.run(0, "version")).contains("not built");
    // What the build's own tests call runs while the build is not complete.
    Files.createFile(checkout.root().resolve("target/caravan-build.begun"));
    checkout.with("CARAVAN_BUILD_MARK", "1");
    assertThat(run()).isEqualTo(expected());
  }

  @Test
  void testQuickPackagesNothingInstallsNothingAndPassesItsOtherWordsToMaven() throws Exception {
    checkout.built().without("unshare").tool("id", "echo 0").tool("apt-get", "echo apt-get");
    assertThat(checkout.run(0, "test", "--quick", "-o")).doesNotContain("apt-get");
    assertThat(checkout.maven())
        .containsExactly("-B -ntp -T 2 test -DexcludedGroups=slow -pl !spark-jobs/spark-3.3 -o");
    assertThat(checkout.run(0, "version")).contains("built 20");
    assertThat(run()).isEqualTo(expected());
  }

  @Test
  void aProxyOfTheEnvironmentReachesMavenWithoutItsPasswordOnTheCommandLine() throws Exception {
    checkout
        .with("https_proxy", "http://me:p%40ss%3Aword@proxy.corp:8080/")
        .with("no_proxy", "localhost,.corp, *.lan,10.0.0.1");
    checkout.run(0, "build");
    assertThat(checkout.maven())
        .containsExactly(
            "-B -ntp -gs "
                + checkout.root()
                + "/target/caravan-proxy.xml -q package -Dmaven.test.skip=true");
    assertThat(checkout.root().resolve("target/caravan-proxy.xml"))
        .content()
        .contains("<port>8080</port>", "<host>${env.CARAVAN_PROXY_HOST}</host>");
    assertThat(Files.readAllLines(checkout.root().resolve("maven.environment")))
        .contains(
            "CARAVAN_PROXY_HOST=proxy.corp",
            "CARAVAN_PROXY_USER=me",
            "CARAVAN_PROXY_PASSWORD=p@ss:word",
            "CARAVAN_PROXY_NOT_FOR=localhost|*.localhost|corp|*.corp|lan|*.lan|10.0.0.1|*.10.0.0.1");

    checkout.with("https_proxy", "http://proxy.corp:port");
    assertThat(checkout.run(2, "build")).contains("https_proxy is no address");
    Files.createDirectories(directory.resolve(".m2"));
    Files.writeString(directory.resolve(".m2/settings.xml"), "<proxies><proxy>");
    checkout.run(0, "build");
    assertThat(checkout.maven()).last().asString().doesNotContain("-gs");
  }

  @Test
  void theWidthThatTheUserExportsIsKept() throws Exception {
    checkout
        .built()
        .tool("java", "[ \"$1\" = -version ] && echo 'version \"17\"' >&2; echo $COLUMNS $LC_ALL");
    checkout.with("COLUMNS", "40").with("LC_ALL", "C");
    assertThat(checkout.run(0, "run")).isEqualTo("40 C.UTF-8");
    checkout.with("COLUMNS", "").with("LC_ALL", "en_US.none");
    assertThat(checkout.run(0, "run")).endsWith("C.UTF-8");
  }

  @Test
  void theEndpointsScriptFindsItsJarThroughLinksAndAJavaThatIsNewEnough() throws Exception {
    checkout.built();
    Path home = checkout.root().resolve("cluster-endpoint/target");
    Path link =
        Files.createSymbolicLink(directory.resolve("link"), home.resolve("caravan-endpoint"));
    Path ofLink = Files.createSymbolicLink(directory.resolve("of-link"), Path.of("link"));
    for (Path script : List.of(home.resolve("caravan-endpoint"), link, ofLink)) {
      assertThat(checkout.run(0, directory, script, "--endpoint.port=0"))
          .contains("-XX:SharedArchiveFile=" + home + "/caravan-cluster-endpoint.jsa")
          .endsWith(" -jar " + home + "/caravan-cluster-endpoint.jar --endpoint.port=0");
    }

    Path old = Checkout.jdk(directory.resolve("java 8/jre/bin"), "1.8.0_402").getParent();
    checkout.with("JAVA_TOOL_OPTIONS", "-Dx=17").with("JAVA_HOME", old.toString());
    assertThat(checkout.run(2, directory, link))
        .isEqualTo(
            "caravan-endpoint: "
                + old
                + "/bin/java is Java 1.8.0_402; install a Java 17 beside it and set CARAVAN_JAVA to its bin/java");
    Files.writeString(old.getParent().resolve("release"), "JAVA_VERSION=\"9\"\n");
    assertThat(checkout.run(2, directory, link)).contains("/bin/java is Java 9;");
    checkout.with("CARAVAN_JAVA", directory.resolve("tools/java").toString());
    assertThat(checkout.run(0, directory, link)).contains("java: -XX:");
    checkout.with("CARAVAN_JAVA", "/nowhere/java");
    assertThat(checkout.run(2, directory, link)).contains("there is no /nowhere/java;");
    checkout.with("CARAVAN_JAVA", "").with("JAVA_HOME", "").without("java");
    assertThat(checkout.run(2, directory, link)).contains("there is no java on the PATH;");
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    Path shellcheck = Path.of("/usr/bin/shellcheck");
    assumeTrue(Files.isExecutable(shellcheck), "./caravan test installs it where it may");
    Path said = directory.resolve("shellcheck");
    Process process =
        new ProcessBuilder(
                shellcheck.toString(),
                "../caravan",
                "../.ci/run",
                "../cluster-endpoint/src/main/bin/caravan-endpoint")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).content().isEmpty();
    assertThat(process.exitValue()).isZero();
  }
}
