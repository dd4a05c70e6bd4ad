package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.cloud.process.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The life of the endpoint on a cluster's master, from the initialization action to its removal, in
 * a throw-away Debian. The tests are stations of that life: each goes on where the one before
 * ended.
 */
@Tag("slow")
@TestMethodOrder(OrderAnnotation.class)
class ClusterMasterIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final String PLACE = "releases/caravan/endpoint/";
  private static final String TOKEN = "endpoint-token_4711/of+Lockbox==";
  private static final String RENEWED_TOKEN = "another-endpoint-token-0815";
  private static final String HOST = "master-1.cluster.internal";

  /** YARN is not there, nor Spark: with these the endpoint is ready for batches all the same. */
  private static final String OPERATOR =
      "endpoint.port=0\nendpoint.yarn-rm=\nendpoint.spark-submit=/bin/true\n";

  private static Path directory;
  private static ClusterMaster master;
  private static EndpointRelease releases;

  @BeforeAll
  static void prepare() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "only root can make a Debian root and change into it");
    directory = Files.createTempDirectory("caravan-deploy-");
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    master = ClusterMaster.in(TARGET, root);
    releases = new EndpointRelease(Files.createDirectory(directory.resolve("releases")));
    secret(TOKEN);
    master.services.put(PLACE + "version", "1.0.0\n");
    upload(releases.stage("1.0.0"), "1.0.0");
  }

  @AfterAll
  static void end() throws Exception {
    if (directory == null) {
      return;
    }
    if (master != null) {
      master.close();
    }
    Finished.ofMachine(
        Duration.ofMinutes(1), "rm", "-rf", "--one-file-system", directory.toString());
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(directory.toString());
  }

  private static void secret(String token) {
    master.services.secret(
        ClusterMaster.SECRET,
        """
        {"entries": [{"key": "other", "textValue": "not this one"},
          {"key": "endpoint-token", "textValue": "%s"}], "versionId": "e6q1"}
        """
            .formatted(token.replace("/", "\\/")));
  }

  private static void upload(Path stage, String version) throws Exception {
    master.services.putWithSum(
        PLACE + "caravan-endpoint-" + version + ".tar.gz", releases.pack(stage));
  }

  @Test
  @Order(1)
  void doesNothingOnOtherHosts() throws Exception {
    Map<String, String> before = master.root.listing();
    for (String role : new String[] {"computenode", "datanode"}) {
      assertThat(master.initialize(role))
          .isEqualTo(new Finished(0, "caravan-endpoint-setup: nothing to do on a " + role + "\n"));
    }
    assertThat(master.root.listing()).isEqualTo(before);
    assertThat(master.services.callsToStorage()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ROLE, '', ROLE is ''",
    "CLUSTER_ID, 'a b', 'CLUSTER_ID is ''a b'', which is no id of a cluster'",
    "S3_BUCKET, A, 'S3_BUCKET is ''A'', which is no name of a bucket'",
    "CARAVAN_S3, http://storage.test, http://storage.test is not https",
    "CARAVAN_LOCKBOX, http://lockbox.test, http://lockbox.test is not https",
    "CARAVAN_METADATA, http://169.254.169.253, http://169.254.169.253 is not https"
  })
  @Order(2)
  void refusesAnEnvironmentWithASentence(String name, String value, String sentence)
      throws Exception {
    Finished finished =
        master.initialize(
            name.equals("ROLE") ? Map.of("ROLE", value) : Map.of("ROLE", "masternode", name, value),
            ClusterMaster.PREFIX,
            ClusterMaster.SECRET);
    assertThat(finished.said()).startsWith("caravan-endpoint-setup: " + sentence).hasLineCount(1);
    assertThat(finished.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "s3://releases, e6q, the first argument must be of the form s3://BUCKET/PREFIX",
    "s3://releases/../caravan, e6q, the first argument must be of the form s3://BUCKET/PREFIX",
    "s3://releases/caravan, e6q/x, the second argument must be the id of a Lockbox secret",
    "https://releases/caravan, e6q, 'usage: caravan-init.sh s3://BUCKET/PREFIX LOCKBOX-SECRET-ID'"
  })
  @Order(3)
  void refusesArgumentsWithASentence(String prefix, String secret, String sentence)
      throws Exception {
    Finished finished = master.initialize(Map.of("ROLE", "masternode"), prefix, secret);
    assertThat(finished.said()).startsWith("caravan-endpoint-setup: " + sentence).hasLineCount(1);
    assertThat(finished.code()).isEqualTo(1);
  }

  @Test
  @Order(4)
  void saysWhatItLacksAndInstallsNothing() throws Exception {
    // No Java in the bucket, none on the machine, and a mirror that can't be reached.
    Files.writeString(
        master.root.file("/etc/apt/sources.list"), "deb http://127.0.0.1:9/debian x main\n");
    Finished finished = master.initialize("masternode");
    assertThat(finished.said())
        .contains(
            "there is no Java 17: put one as jre-17.tar.gz, with jre-17.tar.gz.sha256, into"
                + " s3://releases/caravan/endpoint/, or open the way to the package mirror (port 80)");
    assertThat(finished.code()).isEqualTo(1);

    Path runtime = EndpointRelease.javaRuntime(TARGET);
    master.services.put(PLACE + "jre-17.tar.gz", runtime);
    master.services.put(PLACE + "jre-17.tar.gz.sha256", "0".repeat(64) + "  jre-17.tar.gz\n");
    finished = master.initialize("masternode");
    assertThat(finished.said())
        .contains("jre-17.tar.gz is damaged or was replaced: its SHA-256 is")
        .doesNotContain("line ");
    assertThat(finished.code()).isEqualTo(1);
    master.services.remove(PLACE + "jre-17.tar.gz.sha256");
    assertThat(master.installed()).isEmpty();
    assertThat(master.root.file("/etc/systemd/system/caravan-endpoint.service")).doesNotExist();
  }

  @Test
  @Order(5)
  void installsWithTheJavaOfThePackageMirrorAndRegistersNone() throws Exception {
    Path mirror = master.root.file("/srv/mirror");
    Path deb;
    try (Stream<Path> files = Files.list(mirror)) {
      deb = files.filter(file -> file.toString().endsWith(".deb")).findFirst().orElseThrow();
    }
    Files.writeString(
        mirror.resolve("Packages"),
        master.root.mustRun("dpkg-deb", "-f", "/srv/mirror/" + deb.getFileName()).strip()
            + "\nFilename: ./%s\nSize: %d\nSHA256: %s\n\n"
                .formatted(deb.getFileName(), Files.size(deb), Digests.sha256(deb)));
    Files.writeString(
        master.root.file("/etc/apt/sources.list"), "deb [trusted=yes] file:/srv/mirror ./\n");
    // The image has a Java for Spark, and with it the authorities that Debian's Javas share.
    master.write(
        "/etc/ssl/certs/java/cacerts",
        Path.of(System.getProperty("java.home"), "lib/security/cacerts").toRealPath());
    Map<String, String> before = master.root.listing();

    Finished finished = master.initialize("masternode");
    assertThat(finished.said())
        .contains("Java 17 comes from the package mirror", "1.0.0 is in use");
    assertThat(finished.code()).isZero();
    assertThat(master.installed()).isEqualTo("endpoint-1.0.0");
    Map<String, String> after = master.root.listing();
    after.keySet().removeAll(before.keySet());
    assertThat(after.keySet())
        .contains(
            "/opt/caravan/endpoint-1.0.0/caravan-cluster-endpoint.jsa",
            "/etc/systemd/system/multi-user.target.wants/caravan-endpoint.service",
            "/etc/systemd/system/multi-user.target.wants/caravan-endpoint-upgrade.service")
        .allMatch(
            name ->
                name.matches(
                    "/(opt/caravan|etc/caravan|var/lib/caravan|var/lib/apt|etc/systemd/system)\\b.*|/etc/(passwd|shadow|group|gshadow)-|/tmp/hsperfdata_caravan|/var/cache/apt.*"));
    assertThat(master.root.file("/etc/alternatives/java")).doesNotExist();
    assertThat(master.root.file("/usr/bin/java")).doesNotExist();
  }

  @Test
  @Order(6)
  void keepsItsSecretsToItself() throws Exception {
    assertThat(master.read("/etc/caravan/credentials.properties"))
        .isEqualTo("bearer.orchestrator=" + TOKEN + "\n");
    for (String file :
        new String[] {"credentials.properties", "identity.p12", "identity.password"}) {
      Path path = master.root.file("/etc/caravan/" + file);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .as(file)
          .isEqualTo("rw-------");
      assertThat(Files.getAttribute(path, "unix:uid"))
          .isEqualTo(Files.getAttribute(master.root.file("/var/lib/caravan"), "unix:uid"))
          .isNotEqualTo(0);
    }
    assertThat(master.services.text(ClusterMaster.CERTIFICATE))
        .startsWith("-----BEGIN CERTIFICATE-----")
        .doesNotContain("PRIVATE KEY");
    assertThat(master.services.callsToStorage())
        .containsOnlyOnce("PUT ")
        .contains("PUT " + ClusterMaster.CERTIFICATE);
  }

  @Test
  @Order(7)
  void takesAJavaFromTheBucketOnceOneIsThere() throws Exception {
    master.services.putWithSum(PLACE + "jre-17.tar.gz", EndpointRelease.javaRuntime(TARGET));
    master.services.put(PLACE + "endpoint.properties", OPERATOR);
    Finished finished = master.initialize("masternode");
    assertThat(finished.said()).contains("comes from the bucket");
    assertThat(finished.code()).isZero();
    assertThat(Files.readSymbolicLink(master.root.file("/opt/caravan/jre")).toString())
        .matches("/opt/caravan/jre-[0-9a-f]{12}");
    assertThat(master.root.file("/opt/caravan/jre-apt")).doesNotExist();
    assertThat(master.services.callsToStorage()).doesNotContain("PUT ");
  }

  @Test
  @Order(8)
  void changesNothingTheSecondTime() throws Exception {
    Map<String, String> before = master.root.listing();
    Finished finished = master.initialize("masternode");
    assertThat(finished)
        .isEqualTo(new Finished(0, "caravan-endpoint-setup: 1.0.0 is up to date\n"));
    assertThat(master.root.listing()).isEqualTo(before);
    assertThat(master.services.callsToStorage())
        .doesNotContain("PUT ", "GET " + PLACE + "caravan-endpoint-1.0.0.tar.gz\n")
        .doesNotContain("GET " + PLACE + "jre-17.tar.gz\n");
    assertThat(
            master.root.mustRun(
                "systemd-analyze",
                "verify",
                "--man=no",
                "/etc/systemd/system/caravan-endpoint.service",
                "/etc/systemd/system/caravan-endpoint-upgrade.service",
                "/etc/systemd/system/caravan-endpoint-rollback.service"))
        .isEmpty();
  }

  @Test
  @Order(9)
  void answersUnderItsNameWithTheCertificateInTheBucket() throws Exception {
    try (ChildProcess unit = master.startUnit(directory.resolve("unit.log"))) {
      int port = master.awaitStarted(unit);
      EndpointProbe probe =
          new EndpointProbe(HOST, port, master.services.text(ClusterMaster.CERTIFICATE));
      // Until Spark's version was looked at, it says that it isn't ready.
      unit.await(
          "the endpoint was ready for batches",
          Duration.ofSeconds(30),
          () -> Stream.of(get(probe, TOKEN)).filter(it -> it.startsWith("HTTP/1.1 200")).findAny());
      assertThat(get(probe, RENEWED_TOKEN)).startsWith("HTTP/1.1 401");
    }
    assertThat(master.read("/var/lib/caravan/started")).isEqualTo("endpoint-1.0.0\n");
    // One that has run is not rolled back without being asked, and there is nothing to go back to.
    assertThat(master.setup("rollback", "--automatic").said())
        .contains("there is no former version");
  }

  private static String get(EndpointProbe probe, String token) {
    try {
      return probe.get("/health", token);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Order(10)
  void aBootUpgrades() throws Exception {
    Path stage = releases.stage("1.1.0");
    Files.writeString(
        stage.resolve("setup/caravan-endpoint.service"),
        "\n# Of version 1.1.0.\n",
        StandardOpenOption.APPEND);
    upload(stage, "1.1.0");
    master.services.put(PLACE + "version", "1.1.0");
    secret(RENEWED_TOKEN);

    Finished finished = master.setup("upgrade", "--boot");
    assertThat(finished.said()).endsWith("caravan-endpoint-setup: 1.1.0 is in use\n");
    assertThat(finished.code()).isZero();
    assertThat(master.installed()).isEqualTo("endpoint-1.1.0");
    assertThat(master.read("/etc/systemd/system/caravan-endpoint.service"))
        .endsWith("# Of version 1.1.0.\n");
    assertThat(master.read("/etc/caravan/credentials.properties")).contains(RENEWED_TOKEN);
    assertThat(master.setup("status").said())
        .contains("installed: 1.1.0\n", "former:    1.0.0\n", "host:      " + HOST + "\n");
    try (ChildProcess unit = master.startUnit(directory.resolve("unit.log"))) {
      int port = master.awaitStarted(unit);
      assertThat(
              get(
                  new EndpointProbe(HOST, port, master.services.text(ClusterMaster.CERTIFICATE)),
                  RENEWED_TOKEN))
          .containsPattern("^HTTP/1.1 (200|503)");
    }
  }

  @Test
  @Order(11)
  void whatIsBrokenLeavesTheInstalledVersionInUse() throws Exception {
    Map<String, String> before = master.root.listing();
    // A jar that was cut.
    Path stage = releases.stage("1.2.0");
    Path jar = stage.resolve("caravan-cluster-endpoint.jar");
    Files.write(jar, Arrays.copyOf(Files.readAllBytes(jar), 1000));
    upload(stage, "1.2.0");
    assertRefused("1.2.0", "the endpoint 1.2.0 doesn't run with the Java in");

    // A tarball that isn't what its sum says.
    master.services.put(
        PLACE + "caravan-endpoint-1.3.0.tar.gz.sha256", Digests.sha256(jar) + "  x\n");
    master.services.put(PLACE + "caravan-endpoint-1.3.0.tar.gz", "no archive");
    assertRefused("1.3.0", "caravan-endpoint-1.3.0.tar.gz is damaged or was replaced");
    master.services.putWithSum(PLACE + "caravan-endpoint-1.3.0.tar.gz", jar);
    assertRefused("1.3.0", "caravan-endpoint-1.3.0.tar.gz can't be unpacked");
    assertRefused("1.4.0", "wants 1.4.0, but there is no s3://releases/caravan/endpoint/");
    assertRefused("../1.4.0", "version doesn't hold a version in its first line");

    // Settings that the endpoint refuses.
    master.services.put(PLACE + "endpoint.properties", OPERATOR + "endpoint.prot=8998\n");
    assertRefused("1.1.0", "endpoint.prot");
    master.services.put(PLACE + "endpoint.properties", OPERATOR);

    // A machine without a network.
    master.services.put(PLACE + "version", "1.0.0");
    Finished alone =
        master.setup(Map.of("CARAVAN_METADATA", "http://127.0.0.1:9"), "upgrade", "--boot");
    assertThat(alone)
        .isEqualTo(
            new Finished(
                1,
                "caravan-endpoint-setup: the metadata server http://127.0.0.1:9 gives no token of"
                    + " this machine's account: no answer\n"));

    // A secret without the entry.
    master.services.secret(ClusterMaster.SECRET, "{\"entries\":[]}");
    assertRefused("1.1.0", "needs an entry endpoint-token");
    secret(RENEWED_TOKEN);

    Map<String, String> after = master.root.listing();
    after.keySet().removeIf(name -> name.startsWith("/opt/caravan/endpoint-1.2.0"));
    assertThat(after).isEqualTo(before);
  }

  private static void assertRefused(String version, String sentence) throws Exception {
    master.services.put(PLACE + "version", version);
    Finished finished = master.setup("upgrade", "--boot");
    assertThat(finished.said()).contains(sentence);
    assertThat(finished.code()).isEqualTo(1);
    assertThat(master.installed()).isEqualTo("endpoint-1.1.0");
  }

  @Test
  @Order(12)
  void aVersionThatDoesNotStartIsRolledBackOnce() throws Exception {
    // It goes well until it gets the real data.
    Path stage = releases.stage("2.0.0");
    Path launcher = stage.resolve("caravan-endpoint");
    Files.writeString(
        launcher,
        Files.readString(launcher)
            .replaceFirst(
                "\nset -u\n",
                "\nset -u\ncase \" \\$* \" in *data-dir=*|*--archive*) ;; *) exit 9 ;; esac\n"));
    upload(stage, "2.0.0");
    master.services.put(PLACE + "version", "2.0.0");
    assertThat(master.setup("upgrade", "--boot").code()).isZero();
    try (ChildProcess unit = master.startUnit(directory.resolve("unit.log"))) {
      assertThat(unit.exitCode(Duration.ofMinutes(1))).contains(1);
      assertThat(unit.log()).contains("the endpoint ended before it was ready", "did not start");
    }

    Finished finished = master.setup("rollback", "--automatic");
    assertThat(finished.said()).endsWith("1.1.0 is in use again\n");
    assertThat(finished.code()).isZero();
    assertThat(master.installed()).isEqualTo("endpoint-1.1.0");
    assertThat(master.read("/var/lib/caravan/started")).isEqualTo("endpoint-1.1.0\n");
    assertRefused("2.0.0", "2.0.0 was rolled back here and is not tried again");
    try (ChildProcess unit = master.startUnit(directory.resolve("unit.log"))) {
      assertThat(master.awaitStarted(unit)).isPositive();
    }

    // A mended tarball of the same version is another one.
    Path mended = stage.resolve("caravan-endpoint");
    Files.copy(
        Path.of("../cluster-endpoint/target/caravan-endpoint"),
        mended,
        StandardCopyOption.REPLACE_EXISTING);
    upload(stage, "2.0.0");
    assertThat(master.setup("upgrade").code()).isZero();
    assertThat(master.installed()).isEqualTo("endpoint-2.0.0");
    try (ChildProcess unit = master.startUnit(directory.resolve("unit.log"))) {
      assertThat(master.awaitStarted(unit)).isPositive();
    }
    assertThat(master.setup("rollback", "--automatic").said())
        .contains("2.0.0 has run here before, so going back would not help");
    // By hand it can be.
    assertThat(master.setup("rollback").said()).endsWith("1.1.0 is in use again\n");
  }

  @Test
  @Order(13)
  void anotherHostNameGetsAnotherCertificate() throws Exception {
    String former = master.services.text(ClusterMaster.CERTIFICATE);
    master.services.put(PLACE + "version", "1.1.0");
    master.root.rename("master-2.cluster.internal");
    assertThat(master.setup("upgrade", "--boot").said())
        .contains("the certificate of master-2.cluster.internal is made");
    assertThat(master.services.text(ClusterMaster.CERTIFICATE)).isNotEqualTo(former);
    assertThat(master.read("/etc/caravan/endpoint.properties"))
        .contains("endpoint.yarn-rm=http://master-2.cluster.internal:8088\n");
    try (ChildProcess unit = master.startUnit(directory.resolve("unit.log"))) {
      int port = master.awaitStarted(unit);
      String pem = master.services.text(ClusterMaster.CERTIFICATE);
      assertThat(get(new EndpointProbe("master-2.cluster.internal", port, pem), RENEWED_TOKEN))
          .containsPattern("^HTTP/1.1 (200|503)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "31, 1.1.0 is up to date",
    "29, the certificate of master-2.cluster.internal is made"
  })
  @Order(14)
  void aCertificateIsRenewedWhenItHasLessThanThirtyDaysLeft(int days, String sentence)
      throws Exception {
    String keytool = "/opt/caravan/jre/bin/keytool";
    String store = "/etc/caravan/identity.p12";
    Files.delete(master.root.file(store));
    String[] password = {"-storepass:file", "/etc/caravan/identity.password"};
    master.root.mustRun(
        keytool,
        "-genkeypair",
        "-alias",
        "endpoint",
        "-keyalg",
        "EC",
        "-dname",
        "CN=x",
        "-ext",
        "SAN=dns:master-2.cluster.internal",
        "-validity",
        Integer.toString(days),
        "-storetype",
        "PKCS12",
        "-keystore",
        store,
        password[0],
        password[1]);
    master.root.mustRun(
        keytool,
        "-exportcert",
        "-rfc",
        "-alias",
        "endpoint",
        "-keystore",
        store,
        password[0],
        password[1],
        "-file",
        "/etc/caravan/identity.pem");
    master.root.mustRun("chown", "caravan:caravan", store);

    Finished finished = master.setup("upgrade", "--boot");
    assertThat(finished.said()).contains(sentence);
    assertThat(finished.code()).isZero();
    assertThat(master.services.text(ClusterMaster.CERTIFICATE))
        .isEqualTo(master.read("/etc/caravan/identity.pem"));
  }

  @Test
  @Order(15)
  void noSecretIsInACommandLineOrALog() throws Exception {
    String password = master.read("/etc/caravan/identity.password").strip();
    assertThat(password).hasSize(64);
    for (String text : new String[] {master.commandLines(), master.said(), logs()}) {
      assertThat(text)
          .doesNotContain(EmulatedServices.IAM_TOKEN, TOKEN, RENEWED_TOKEN, password)
          .doesNotContain(
              Base64.getEncoder().encodeToString(TOKEN.getBytes(StandardCharsets.US_ASCII)));
    }
    assertThat(master.commandLines()).contains("curl --config -", "setpriv --reuid caravan");
    assertThat(master.said()).contains("is in use");
  }

  private static String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> walk = Files.walk(master.root.file("/var/lib/caravan/endpoint"))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  @Test
  @Order(16)
  void uninstallsAndLeavesTheData() throws Exception {
    assertThat(master.setup("uninstall", "--all").said()).contains("takes only --purge");
    Finished finished = master.setup("uninstall");
    assertThat(finished.said())
        .isEqualTo(
            "caravan-endpoint-setup: removed; /etc/caravan and /var/lib/caravan stay (uninstall --purge removes them, too)\n");
    assertThat(finished.code()).isZero();
    assertThat(master.root.file("/opt/caravan")).doesNotExist();
    assertThat(master.root.file("/var/lib/caravan/endpoint")).isDirectory();
    assertThat(master.root.listing().keySet())
        .noneMatch(name -> name.startsWith("/etc/systemd/system/") && name.contains("caravan"));

    // A master that was installed again finds its data, and a purge leaves nothing.
    assertThat(master.initialize("masternode").said()).endsWith("1.1.0 is in use\n");
    assertThat(master.setup("uninstall", "--purge").said())
        .contains("removed, with settings and data");
    assertThat(master.root.listing().keySet())
        .filteredOn(name -> name.contains("caravan"))
        .containsExactly("/root/caravan-init.sh");
    assertThat(master.read("/etc/passwd")).doesNotContain("caravan");
  }
}
