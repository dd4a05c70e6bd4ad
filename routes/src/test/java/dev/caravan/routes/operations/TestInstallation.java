package dev.caravan.routes.operations;

import dev.caravan.routes.settings.Settings;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Settings, secrets and a pipeline of two jobs in a directory. Nothing listens where its cloud and
 * its S3 are: a test must not depend on the internet, and learns at once that nobody answers.
 */
public final class TestInstallation {
  private static final String NOWHERE = "127.0.0.1:9";

  public static final String CLUSTER = "c9qtest";

  private static final String MARTS =
      """
      schedule: { cron: "30 3 * * *", zone: Europe/Berlin }
      cluster: main
      jobs:
        load: { file: "local:/jobs/jobs.jar", class: a.Load, outputs: [ { at: "s3://lake/load/date={date}/", rows: { min: 3 } } ] }
        mart: { needs: [ load ], file: "local:/jobs/jobs.jar", class: a.Mart }
      """;

  /**
   * A service account's key file. Making one takes half a second of a processor, so all tests of a
   * JVM have the same.
   */
  public static final String KEY = key();

  private final Path directory;
  private final Map<String, String> settings = new TreeMap<>();

  public TestInstallation(Path directory) throws IOException {
    this.directory = directory;
    write("secrets/key.json", KEY);
    write("secrets/s3.properties", "access-key-id=a\nsecret-access-key=b\n");
    write("pipelines/marts.yaml", MARTS);
    set("caravan.cluster.main.id", CLUSTER);
    set("caravan.yandex.key-file", "secrets/key.json");
    set("caravan.s3.credentials-file", "secrets/s3.properties");
    set("caravan.s3.endpoint", "http://" + NOWHERE);
    set("caravan.yandex.call-timeout", "1s");
    for (String service : List.of("iam", "dataproc", "operations")) {
      set("caravan.yandex." + service, NOWHERE);
    }
  }

  public TestInstallation set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Gives the pipeline a budget, as its file has it. */
  public void limit(String budget) throws IOException {
    write("pipelines/marts.yaml", "budget: " + budget + "\n" + MARTS);
  }

  /** Writes a file below the directory. */
  public Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** The settings as a file. */
  public Path file() throws IOException {
    Path file = directory.resolve("application.properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer text = Files.newBufferedWriter(file)) {
      properties.store(text, null);
    }
    return file;
  }

  public Settings read() throws IOException {
    return Settings.read(file(), Map.of());
  }

  /** As {@code yc iam key create} writes it. */
  private static String key() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
      return """
          {"id": "a", "service_account_id": "b", "created_at": "2026-01-01T00:00:00Z",
           "key_algorithm": "RSA_2048", "public_key": "%s", "private_key": "%s"}"""
          .formatted(pem("PUBLIC KEY", pair.getPublic()), pem("PRIVATE KEY", pair.getPrivate()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, Key key) {
    return "-----BEGIN %1$s-----\\n%2$s\\n-----END %1$s-----\\n"
        .formatted(kind, Base64.getEncoder().encodeToString(key.getEncoded()));
  }
}
