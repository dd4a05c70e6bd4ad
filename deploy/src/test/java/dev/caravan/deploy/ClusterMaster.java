package dev.caravan.deploy;

import dev.caravan.cloud.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cluster's master that has never been started: a Debian without Caravan, and a cloud around it.
 */
final class ClusterMaster implements AutoCloseable {
  static final String PREFIX = "s3://releases/caravan";
  static final String SECRET = "e6qsecretoftheendpoint";
  static final String CLUSTER_ID = "c9qclusterofthetest00";
  static final String CERTIFICATE = "lake/caravan/endpoint/" + CLUSTER_ID + ".pem";
  static final String SETUP = "/opt/caravan/endpoint/setup/caravan-endpoint-setup";

  private static final String ACTION = "/root/caravan-init.sh";
  private static final String UNIT = "/etc/systemd/system/caravan-endpoint.service";
  private static final Duration START = Duration.ofMinutes(2);
  private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");

  /** They get secrets in one way or the other; each writes down what stood in its command line. */
  private static final List<String> WATCHED =
      List.of("curl", "setpriv", "env", "sed", "cp", "mv", "grep", "timeout");

  final DebianRoot root;
  final EmulatedServices services = new EmulatedServices();
  private final StringBuilder said = new StringBuilder();

  private ClusterMaster(DebianRoot root) throws IOException {
    this.root = root;
  }

  static ClusterMaster in(Path target, Path directory) throws IOException, InterruptedException {
    ClusterMaster master = new ClusterMaster(DebianRoot.unpack(target, directory));
    master.root.rename("master-1.cluster.internal");
    Files.copy(EndpointRelease.CLUSTER.resolve("caravan-init.sh"), master.root.file(ACTION));
    Files.copy(
        Path.of("src/test/resources/dev/caravan/deploy/start-unit.sh"),
        master.root.file("/root/start-unit.sh"));
    master.watchCommandLines();
    return master;
  }

  private void watchCommandLines() throws IOException {
    Path log = Files.createFile(root.file("/var/log/command-lines"));
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
    for (String program : WATCHED) {
      Path wrapper = root.file("/usr/local/bin/" + program);
      Files.writeString(
          wrapper,
          "#!/bin/bash\nprintf '%%s\\n' \"%1$s $*\" >>/var/log/command-lines\nexec /usr/bin/%1$s \"$@\"\n"
              .formatted(program));
      Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** All command lines of the watched programs so far. */
  String commandLines() throws IOException {
    return Files.readString(root.file("/var/log/command-lines"));
  }

  /** All that the scripts and the endpoint have said so far. */
  String said() {
    return said.toString();
  }

  /** What Data Proc does on each host when it starts for the first time. */
  Finished initialize(String role) throws IOException, InterruptedException {
    return initialize(Map.of("ROLE", role), PREFIX, SECRET);
  }

  Finished initialize(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>(services.environment());
    environment.put("CLUSTER_ID", CLUSTER_ID);
    environment.put("S3_BUCKET", "lake");
    environment.putAll(more);
    String[] words = new String[arguments.length + 1];
    words[0] = ACTION;
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return note(root.run(environment, words));
  }

  /** The installed script, as a boot or a person calls it. */
  Finished setup(String... words) throws IOException, InterruptedException {
    return setup(Map.of(), words);
  }

  Finished setup(Map<String, String> more, String... words)
      throws IOException, InterruptedException {
    Map<String, String> environment = new TreeMap<>(services.environment());
    environment.putAll(more);
    String[] all = new String[words.length + 1];
    all[0] = SETUP;
    System.arraycopy(words, 0, all, 1, words.length);
    return note(root.run(environment, all));
  }

  private Finished note(Finished finished) {
    said.append(finished.said());
    return finished;
  }

  /** Starts the endpoint as its unit says. The caller closes it. */
  ChildProcess startUnit(Path log) throws IOException {
    Files.deleteIfExists(log);
    return root.start(log, "/root/start-unit.sh", UNIT);
  }

  /** Waits until its unit would count as started. */
  int awaitStarted(ChildProcess unit) throws IOException, InterruptedException {
    unit.await(
        "the unit started",
        START,
        () -> Optional.of(unit.log()).filter(log -> log.contains("started\n")));
    said.append(unit.log());
    Matcher port = PORT.matcher(read("/run/caravan/endpoint.ready"));
    if (!port.find()) {
      throw new IllegalStateException("the ready-file names no port");
    }
    return Integer.parseInt(port.group(1));
  }

  /** What the link of the release in use says; empty if there is none. */
  String installed() throws IOException {
    Path link = root.file("/opt/caravan/endpoint");
    return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "";
  }

  String read(String path) throws IOException {
    return Files.readString(root.file(path));
  }

  void write(String path, Path content) throws IOException {
    Files.createDirectories(root.file(path).getParent());
    Files.copy(content, root.file(path), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    services.close();
  }
}
