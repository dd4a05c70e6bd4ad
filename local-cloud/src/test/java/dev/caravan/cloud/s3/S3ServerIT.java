package dev.caravan.cloud.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

class S3ServerIT {

  private static final Path HOME = Path.of("s3/target/s3");

  /** The state of a socket that listens, as proc(5) writes it. */
  private static final String LISTENS = "0A";

  @TempDir Path directory;

  @Test
  void keepsObjectsEndsWhenClosedAndItsSuccessorServesThemAndLetsUploadsGo() throws Exception {
    S3Access access;
    try (S3Server server = S3Server.start(HOME, directory)) {
      access = server.access();
      server.createBucket("lake");
      server
          .client()
          .putObject(put -> put.bucket("lake").key("a/b c.txt"), RequestBody.fromString("hello"));
      assertHello(server);
      assertThatThrownBy(
              () -> server.client().getObject(get -> get.bucket("lake").key("absent")).close())
          .isInstanceOf(NoSuchKeyException.class);
      assertThat(portsOpenToTheNetwork()).isEmpty();
      server.client().createMultipartUpload(upload -> upload.bucket("lake").key("begun"));
    }
    assertThat(connects(InetAddress.getLoopbackAddress(), access.endpoint().getPort())).isFalse();

    try (S3Server server = S3Server.start(HOME, directory)) {
      assertHello(server);
      assertThat(server.client().listMultipartUploads(list -> list.bucket("lake")).uploads())
          .isEmpty();
    }
  }

  private static void assertHello(S3Server server) {
    assertThat(
            server
                .client()
                .getObjectAsBytes(get -> get.bucket("lake").key("a/b c.txt"))
                .asUtf8String())
        .isEqualTo("hello");
  }

  private static List<String> portsOpenToTheNetwork() throws IOException {
    List<Integer> ports = listening(ProcessHandle.current().children().toList());
    assertThat(ports).as("the port that was asked for and S3Mock's second one").hasSize(2);
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress())
        .flatMap(
            address ->
                ports.stream()
                    .filter(port -> connects(address, port))
                    .map(port -> address + " " + port))
        .toList();
  }

  /** The TCP ports on which these processes listen, from proc(5). */
  private static List<Integer> listening(List<ProcessHandle> processes) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (ProcessHandle process : processes) {
      try (Stream<Path> files = Files.list(Path.of("/proc", process.pid() + "", "fd"))) {
        for (Path file : files.toList()) {
          sockets.add(Files.readSymbolicLink(file).toString());
        }
      }
    }
    List<Integer> ports = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.strip().split("\\s+");
        if (words[3].equals(LISTENS) && sockets.contains("socket:[" + words[9] + "]")) {
          ports.add(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private static boolean connects(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void saysWithItsLogWhyItDoesNotStart() {
    assertThatThrownBy(() -> S3Server.start(directory.resolve("nowhere"), directory))
        .hasMessageContaining("the local S3 server ended with exit code 1")
        .hasMessageContaining("S3MockApplication");
  }

  @Test
  void doesNotShowItsKeys() {
    S3Access access = new S3Access(URI.create("http://h:1"), "r", "key-id", "secret-key");
    assertThat(access.toString()).doesNotContain("secret-key").doesNotContain("key-id");
  }
}
