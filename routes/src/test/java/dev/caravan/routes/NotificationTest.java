package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.routes.operations.TestInstallation;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes deliver to each kind of target, to real servers. */
class NotificationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TOKEN = "123456:AAH-secret_token";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private TestInstallation installation;
  private HttpReceiver people;

  @BeforeEach
  void create() throws Exception {
    installation = TestServer.installation(directory).set("caravan.reconcile.every", "off");
    people = HttpReceiver.start();
  }

  @AfterEach
  void close() {
    people.close();
  }

  private CaravanApplication serve() throws Exception {
    CaravanApplication application =
        CaravanApplication.startServer(installation.read(), Clock.systemUTC());
    application.serve();
    return application;
  }

  private static void raise(CaravanApplication application) {
    application.journal().alarms().raise(AlarmKind.BROKEN_DEFINITION, "marts.yaml", "a < b");
  }

  private static void clear(CaravanApplication application) {
    application.journal().alarms().clear(AlarmKind.BROKEN_DEFINITION, "marts.yaml");
  }

  /** The cluster's alarm: no file of a pipeline is looked at meanwhile. */
  private static void raiseStop(CaravanApplication application) {
    application.journal().alarms().raise(AlarmKind.STOP_FAILED, "c9qtest", "a < b & c");
  }

  private static void clearStop(CaravanApplication application) {
    application.journal().alarms().clear(AlarmKind.STOP_FAILED, "c9qtest");
  }

  private void await(int messages) {
    Awaitility.await().atMost(PATIENCE).until(() -> people.received().size() >= messages);
  }

  @Test
  void webhooksGetTheirFormsWithTheirToken() throws Exception {
    installation.write("token", TOKEN);
    installation
        .set("caravan.notify.pager.kind", "alertmanager")
        .set("caravan.notify.pager.url", people.url("/pager"))
        .set("caravan.notify.pager.token-file", "token")
        .set("caravan.notify.own.kind", "json")
        .set("caravan.notify.own.url", people.url("/own"));
    try (CaravanApplication application = serve()) {
      raiseStop(application);
      await(2);
      clearStop(application);
      await(4);
    }
    var pager = people.received("/pager");
    assertThat(pager).hasSize(2);
    assertThat(pager.get(0).headers().get("Authorization")).containsExactly("Bearer " + TOKEN);
    assertThat(pager.get(0).headers().get("Content-type")).containsExactly("application/json");
    assertThat(JSON.readTree(pager.get(0).body()).get("status").asText()).isEqualTo("firing");
    assertThat(JSON.readTree(pager.get(1).body()).get("status").asText()).isEqualTo("resolved");
    var own = people.received("/own");
    assertThat(JSON.readTree(own.get(0).body()).at("/alarms/0/detail").asText())
        .isEqualTo("a < b & c");
    assertThat(JSON.readTree(own.get(1).body()).get("status").asText()).isEqualTo("cleared");
    assertThat(own.get(0).headers()).doesNotContainKey("Authorization");
  }

  /** A message may tell of several alarms. */
  @Test
  void everyKindOfAlarmAndItsEndReachesPeople() throws Exception {
    installation
        .set("caravan.notify.pager.kind", "alertmanager")
        .set("caravan.notify.pager.url", people.url("/pager"))
        .set("caravan.notify.room.kind", "chat")
        .set("caravan.notify.room.url", people.url("/room"));
    try (CaravanApplication application = serve()) {
      for (AlarmKind kind : AlarmKind.values()) {
        application.journal().alarms().raise(kind, "of/" + kind, "because of " + kind);
      }
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> told("firing").size() == AlarmKind.values().length);
      for (AlarmKind kind : AlarmKind.values()) {
        application.journal().alarms().clear(kind, "of/" + kind);
      }
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> told("resolved").size() == AlarmKind.values().length);
    }
    Set<String> all =
        Stream.of(AlarmKind.values()).map(kind -> "of/" + kind).collect(Collectors.toSet());
    assertThat(told("firing")).isEqualTo(all);
    assertThat(told("resolved")).isEqualTo(all);
    assertThat(people.received("/room")).isNotEmpty();
  }

  /** The subjects of which the pager was told that. */
  private Set<String> told(String status) {
    Set<String> subjects = new HashSet<>();
    for (HttpReceiver.Received received : people.received("/pager")) {
      try {
        JsonNode body = JSON.readTree(received.body());
        for (JsonNode alert : body.get("alerts")) {
          if (alert.get("status").asText().equals(status)) {
            subjects.add(alert.at("/labels/subject").asText());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return subjects;
  }

  @Test
  void telegramsRefusalsAreObeyed() throws Exception {
    installation.write("token", TOKEN);
    installation
        .set("caravan.notify.team.kind", "telegram")
        .set("caravan.notify.team.url", people.url(""))
        .set("caravan.notify.team.token-file", "token")
        .set("caravan.notify.team.chat", "-100");
    people
        .answerNext(429, Map.of(), "{\"ok\":false,\"parameters\":{\"retry_after\":2}}")
        .answerNext(400, Map.of(), "{\"ok\":false,\"description\":\"can't parse entities\"}");
    long begun = System.nanoTime();
    try (CaravanApplication application = serve()) {
      raiseStop(application);
      await(3);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> application.journal().outbox().pending() == 0);
    }
    var all = people.received();
    assertThat(all)
        .hasSize(3)
        .allMatch(each -> each.path().equals("/bot" + TOKEN + "/sendMessage"));
    assertThat(JSON.readTree(all.get(1).body()).get("text").asText())
        .startsWith("<b>Cluster c9qtest may still be running</b>\na &lt; b &amp; c");
    assertThat(JSON.readTree(all.get(2).body()).has("parse_mode")).isFalse();
    assertThat(JSON.readTree(all.get(2).body()).get("text").asText()).contains("a < b & c");
  }

  @Test
  void mailIsReceivedByAMailServer() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      installation
          .set("caravan.notify.mail.kind", "mail")
          .set("caravan.notify.mail.smtp", "smtp://127.0.0.1:" + server.getSmtp().getPort())
          .set("caravan.notify.mail.from", "caravan@example.org")
          .set("caravan.notify.mail.to", "ann@example.org, bob@example.org");
      try (CaravanApplication application = serve()) {
        raiseStop(application);
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> application.journal().outbox().pending() == 0);
      }
      MimeMessage[] received = server.getReceivedMessages();
      assertThat(received).hasSize(2);
      assertThat(received[0].getSubject())
          .isEqualTo("[caravan] Cluster c9qtest may still be running");
      assertThat(received[0].getFrom()[0]).hasToString("caravan@example.org");
      assertThat(String.valueOf(received[0].getContent())).contains("a < b & c", "console now");
    } finally {
      server.stop();
    }
  }

  @Test
  void passwordNeverLeavesWithoutEncryption() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.setUser("ann@example.org", "ann", TOKEN);
    server.start();
    try {
      installation.write("password", TOKEN);
      installation
          .set("caravan.notify.mail.kind", "mail")
          .set("caravan.notify.mail.smtp", "smtp://127.0.0.1:" + server.getSmtp().getPort())
          .set("caravan.notify.mail.from", "caravan@example.org")
          .set("caravan.notify.mail.to", "ann@example.org")
          .set("caravan.notify.mail.user", "ann")
          .set("caravan.notify.mail.password-file", "password");
      try (CaravanApplication application =
          CaravanApplication.startServer(installation.read(), Clock.systemUTC())) {
        raiseStop(application);
        application.reconcile();
        assertThat(application.journal().outbox().pending()).as("it is tried again").isEqualTo(1);
      }
      assertThat(server.getReceivedMessages()).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void mailIsSentWithItsLoginOnceTheConnectionIsEncrypted() throws Exception {
    try (StartTlsMailServer server = StartTlsMailServer.start(identity(), "ann", TOKEN)) {
      mailTo(server).set("caravan.notify.mail.ca-file", "mail.pem");
      try (CaravanApplication application =
          CaravanApplication.startServer(installation.read(), Clock.systemUTC())) {
        raiseStop(application);
        application.reconcile();
        assertThat(application.journal().outbox().pending()).isZero();
      }
      assertThat(server.messages())
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("Subject: [caravan] Cluster c9qtest may still be running", "a < b & c");
      assertThat(server.commands())
          .startsWith("EHLO", "STARTTLS", StartTlsMailServer.ENCRYPTED, "EHLO", "AUTH", "MAIL");
    }
  }

  @Test
  void mailServerThatNobodyVouchesForGetsNothing() throws Exception {
    try (StartTlsMailServer server = StartTlsMailServer.start(identity(), "ann", TOKEN)) {
      mailTo(server);
      try (CaravanApplication application =
          CaravanApplication.startServer(installation.read(), Clock.systemUTC())) {
        raiseStop(application);
        application.reconcile();
        assertThat(application.journal().outbox().pending()).as("it is tried again").isEqualTo(1);
      }
      assertThat(server.messages()).isEmpty();
      assertThat(server.commands()).contains("STARTTLS").doesNotContain("AUTH", "MAIL");
    }
  }

  private TestInstallation mailTo(StartTlsMailServer server) throws Exception {
    installation.write("password", TOKEN);
    return installation
        .set("caravan.notify.mail.kind", "mail")
        .set("caravan.notify.mail.smtp", "smtp://localhost:" + server.port())
        .set("caravan.notify.mail.from", "caravan@example.org")
        .set("caravan.notify.mail.to", "ann@example.org")
        .set("caravan.notify.mail.user", "ann")
        .set("caravan.notify.mail.password-file", "password");
  }

  /** Makes a key for localhost, and writes its certificate into mail.pem. */
  private SSLContext identity() throws Exception {
    Path store = directory.resolve("mail.p12");
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "mail",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-validity",
        "2");
    keytool(
        store,
        "-exportcert",
        "-rfc",
        "-alias",
        "mail",
        "-file",
        directory.resolve("mail.pem").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "changeit"));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void quietHoursHoldBackWhatIsNotUrgent() throws Exception {
    LocalTime now = LocalTime.now(ZoneOffset.UTC).withSecond(0).withNano(0);
    installation
        .set("caravan.notify.chat.kind", "chat")
        .set("caravan.notify.chat.url", people.url("/chat"))
        .set("caravan.notify.chat.quiet", now.minusHours(1) + "-" + now.plusHours(1) + " UTC");
    try (CaravanApplication application =
        CaravanApplication.startServer(installation.read(), Clock.systemUTC())) {
      raise(application);
      raiseStop(application);
      application.reconcile();
      assertThat(people.received()).hasSize(1);
      assertThat(people.received().get(0).body()).contains("c9qtest");
      clear(application);
      application.reconcile();
      assertThat(people.received()).as("nor its end").hasSize(1);
      assertThat(application.journal().outbox().pending()).isEqualTo(2);
    }
  }

  @Test
  void monitorOfTheServerHearsThatItIsAlive() throws Exception {
    installation
        .set("caravan.ping.server", people.url("/alive"))
        .set("caravan.ping.server.every", "1s");
    try (CaravanApplication application = serve()) {
      await(2);
      assertThat(application.isClosing()).isFalse();
    }
    assertThat(people.received()).allMatch(each -> each.path().equals("/alive"));
  }
}
