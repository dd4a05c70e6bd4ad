package dev.caravan.cloud.yandex;

import static dev.caravan.cloud.yandex.ApiClient.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster.Status;

/**
 * The stock SDK's factory works against the emulator unchanged. It runs in a JVM of its own,
 * because it only knows the JVM's trust store, and with more processors than it needs, because on
 * few it can block its own network thread for ever.
 */
class StockSdkTest {

  @TempDir Path directory;

  @Test
  void theStockFactoryStartsAndStopsACluster() throws Exception {
    try (YandexEmulator emulator = YandexEmulator.builder(directory).cluster(CLUSTER).build()) {
      Path output = directory.resolve("output");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:ActiveProcessorCount=16",
                  "-Djavax.net.ssl.trustStore=" + trustStore(emulator.certificate()),
                  "-Djavax.net.ssl.trustStorePassword=changeit",
                  "-cp",
                  System.getProperty("java.class.path"),
                  StockSdkProgram.class.getName(),
                  emulator.address(),
                  emulator.serviceAccountKey().toString(),
                  CLUSTER)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("ended in time").isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).as(Files.readString(output)).isZero();
      assertThat(Files.readAllLines(output)).containsSubsequence("RUNNING", "STOPPED");
      assertThat(emulator.status()).isEqualTo(Status.STOPPED);
      assertThat(emulator.calls(Rpc.LIST_ENDPOINTS)).isNotEmpty();
      assertThat(emulator.calls(Rpc.CREATE_TOKEN)).hasSize(1);
      assertThat(emulator.calls(Rpc.START_CLUSTER).get(0).requestId()).isNotEmpty();
    }
  }

  private Path trustStore(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "emulator", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    Path file = directory.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    return file;
  }
}
