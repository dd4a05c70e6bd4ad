package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers, guessers and junk: a 4xx or a closed connection, and the endpoint serves on. */
@Tag("slow")
class SecurityTest {
  private static final String AIRFLOW =
      "Basic "
          + Base64.getEncoder().encodeToString("airflow:s3cret".getBytes(StandardCharsets.UTF_8));

  @TempDir Path directory;
  private TestEndpoint endpoint;
  private Client airflow;
  private Client caravan;
  private Client viewer;

  @BeforeEach
  void start() throws Exception {
    Path credentials =
        Files.writeString(
            directory.resolve("credentials"),
            "basic.airflow=s3cret\nbearer.caravan=t0ken\nbearer.viewer=l00k\nrights.caravan=admin\nrights.viewer=read\n");
    endpoint =
        TestEndpoint.start(
            directory,
            "endpoint.credentials-file",
            credentials.toString(),
            "endpoint.prefix",
            "/livy");
    airflow = new Client(endpoint.port(), AIRFLOW);
    caravan = new Client(endpoint.port(), "bearer t0ken");
    viewer = new Client(endpoint.port(), "Bearer l00k");
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/batches",
        "/batches/1",
        "/batches/1/state",
        "/version",
        "/health",
        "/nowhere",
        "/livy/batches",
        "//batches",
        "/batches/../version",
        "/observe/health"
      })
  void nothingIsOpen(String path) {
    Reply reply = new Client(endpoint.port()).get(path);

    assertThat(reply.header("Date"))
        .matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.header("WWW-Authenticate")).contains("Basic", "Bearer");
    assertThat(reply.message()).isEqualTo("Credentials are missing or wrong.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer t0ken2",
        "t0ken",
        "Basic t0ken",
        "Basic !!!",
        "Basic OnMzY3JldA==",
        "Digest x",
        "Bearer airflow:s3cret",
        "Basic dDBrZW4="
      })
  void wrongCredentialsAre401(String authorization) {
    assertThat(new Client(endpoint.port(), authorization).get("/batches").status()).isEqualTo(401);
  }

  @Test
  void anAbsoluteAddressIsNotFetched() throws Exception {
    try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      elsewhere.setSoTimeout(1);
      String there = "http://127.0.0.1:" + elsewhere.getLocalPort() + "/version";

      assertThat(
              raw(
                  "GET "
                      + there
                      + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                      + AIRFLOW
                      + "\r\nCamelHttpUri: "
                      + there
                      + "\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK")
          .contains("0.9.0-incubating");
      assertThat(raw("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 4");
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(elsewhere::accept);
    }
  }

  @Test
  void noForeignPageMayRead() throws Exception {
    for (String method : List.of("GET", "OPTIONS")) {
      assertThat(
              raw(
                  method
                      + " /batches HTTP/1.1\r\nHost: x\r\nOrigin: https://evil\r\nAccess-Control-Request-Method: POST\r\nAuthorization: "
                      + AIRFLOW
                      + "\r\n\r\n"))
          .startsWith("HTTP/1.1 ")
          .doesNotContainIgnoringCase("access-control");
    }
  }

  @Test
  void basicAndBearerBothOpen() {
    assertThat(airflow.get("/batches").status()).isEqualTo(200);
    assertThat(caravan.get("/batches").status()).isEqualTo(200);
  }

  @Test
  void rightsAreKept() {
    Reply batch = airflow.post(Client.body("stay"));
    assertThat(batch.json().path("owner").asText()).isEqualTo("airflow");
    String own = caravan.post(Client.body("stay")).id();

    assertThat(viewer.post(Client.body("exit 0")).status()).isEqualTo(403);
    assertThat(viewer.send("PUT", "/lease", "{}").status()).isEqualTo(403);
    assertThat(caravan.send("PUT", "/lease", "{}").status()).as("of no run").isEqualTo(400);
    assertThat(viewer.delete("/batches/" + batch.id()).status()).isEqualTo(403);
    assertThat(viewer.send("POST", "/batches/validate", "{}").status()).isEqualTo(403);
    assertThat(viewer.send("POST", "/batches/" + batch.id() + "/state", "").status())
        .isEqualTo(200);
    assertThat(airflow.delete("/batches/" + own).status()).isEqualTo(403);
    assertThat(caravan.delete("/batches/" + batch.id()).status()).isEqualTo(200);
  }

  @Test
  void guessingIsStopped() {
    Client guesser = new Client(endpoint.port(), "Bearer guess");
    for (int i = 0; i < 30; i++) {
      assertThat(guesser.get("/").status()).isEqualTo(401);
    }

    Reply reply = guesser.get("/");
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).isEqualTo("60");
    assertThat(airflow.get("/").status()).isEqualTo(429);
  }

  @Test
  void theAuditSaysWhoDidWhat() throws Exception {
    String id = airflow.submit("stay");
    caravan.delete("/batches/" + id);
    airflow.delete("/batches/" + caravan.submit("exit 0"));
    new Client(endpoint.port(), "Bearer wr0ng").get("/batches");

    List<String> audit = Files.readAllLines(directory.resolve("data/audit.log"));
    assertThat(audit).hasSize(5);
    assertThat(audit.get(0))
        .contains(
            "\"who\":\"airflow\"",
            "\"what\":\"submit batch " + id + ": s3a://code/job.jar\"",
            "\"status\":201",
            "\"from\":\"127.0.0.1\"");
    assertThat(audit.get(1))
        .contains("\"who\":\"caravan\"", "delete batch " + id, "\"status\":200");
    assertThat(audit.get(3)).contains("\"who\":\"airflow\"", "delete batch", "\"status\":403");
    assertThat(audit.get(4))
        .contains("\"who\":\"unknown\"", "GET /batches", "\"status\":401")
        .doesNotContain("wr0ng");
  }

  @Test
  void camelsOwnHeadersDoNothing() {
    String id = airflow.submit("exit 0");

    Reply reply =
        airflow.send(
            "GET",
            "/batches/" + id + "/state?CamelHttpPath=/version&batch=9&CamelBeanMethodName=list",
            "",
            "CamelHttpPath",
            "/batches/9",
            "CAMELHTTPPATH",
            "/batches/9",
            "camelbeanmethodname",
            "list",
            "CamelBeanMethodName",
            "list",
            "CamelExecCommandExecutable",
            "/bin/sh",
            "batch",
            "9",
            "org.apache.camel.x",
            "y",
            "cAMELhTTPrESPONSEcODE",
            "500",
            "CamelHttpResponseText",
            "x",
            "CamelVertxPlatformHttpAuthenticatedUser",
            "root");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.id()).isEqualTo(id);
    assertThat(reply.response().headers().map().keySet())
        .containsExactlyInAnyOrder("content-length", "content-type", "date");
  }

  @Test
  void pathTricksFindNothing() throws Exception {
    for (String path :
        List.of(
            "/batches/%2e%2e%2fversion",
            "/batches/..%2f..%2fetc%2fpasswd",
            "/batches/1%00",
            "/batches/%24%7bsys:user.home%7d",
            "/batches/1%2Fstate")) {
      Reply reply = airflow.get(path);
      assertThat(reply.status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void oversizedDeepAndForeignBodiesAreRefused() {
    assertThat(airflow.post("{\"file\":\"" + "x".repeat(1_100_000) + "\"}").status())
        .isEqualTo(413);
    assertThat(airflow.post("{\"args\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}").status())
        .isEqualTo(400);
    assertThat(
            airflow
                .send(
                    "POST", "/batches", "a=b", "Content-Type", "application/x-www-form-urlencoded")
                .status())
        .isEqualTo(415);
    assertThat(airflow.send("POST", "/batches", "<x/>", "Content-Type", "text/xml").status())
        .isEqualTo(415);
    assertThat(
            airflow
                .send(
                    "POST",
                    "/batches",
                    "--x\r\n",
                    "Content-Type",
                    "multipart/form-data; boundary=x")
                .status())
        .isEqualTo(415);
    Reply compressed = airflow.post("{}", "Content-Encoding", "gzip");
    assertThat(compressed.status()).isEqualTo(415);
    assertThat(compressed.header("Accept-Encoding")).isEqualTo("identity");
    assertThat(airflow.get("/").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/batches/%zz", "/%", "/batches/1%2", "/batches/%u0031"})
  void aPathThatEscapesNothingIsRefusedAsJson(String path) throws Exception {
    assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains(
            "application/json",
            "{\"msg\":\"The path contains a % that is not part of an escape.\"}");
  }

  @Test
  void everyPipelinedRequestIsCheckedAndJunkEndsTheConnection() throws Exception {
    String get = "GET /version HTTP/1.1\r\nHost: x\r\n";
    String answers =
        raw(
            get
                + "Authorization: "
                + AIRFLOW
                + "\r\n\r\n"
                + get
                + "\r\n"
                + "DELETE /batches/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer l00k\r\n\r\n"
                + "\u0000\u0001 junk\r\n\r\n"
                + get
                + "Authorization: "
                + AIRFLOW
                + "\r\n\r\n");

    assertThat(answers.split("HTTP/1\\.[01] ")).hasSizeBetween(4, 5);
    assertThat(answers).containsSubsequence(" 200 OK", " 401 ", " 403 ").containsOnlyOnce("200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: -2\r\n",
        "Content-Length: 2x\r\n",
        "Content-Length : 2\r\n",
        "X: a\u0000b\r\n"
      })
  void aRequestThatTwoServersWouldReadDifferentlyIsCut(String header) throws Exception {
    assertThat(
            raw(
                "POST /batches HTTP/1.1\r\nHost: x\r\nAuthorization: "
                    + AIRFLOW
                    + "\r\nContent-Type: application/json\r\n"
                    + header
                    + "\r\n{}"))
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("msg");
  }

  @Test
  void expectIsAnsweredOnce() throws Exception {
    String head =
        "POST /batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ";

    assertThat(raw(head + "2\r\nAuthorization: " + AIRFLOW + "\r\n\r\n"))
        .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    assertThat(raw(head + "2\r\n\r\n")).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void junkOnTheWireIsAnsweredOrCut() throws Exception {
    String auth = "Authorization: " + AIRFLOW + "\r\n";
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\n" + auth + "\r\n\u0001\u0002\u0003junk\r\n\r\n"))
        .contains("200 OK");
    assertThat(raw("NONSENSE\r\n\r\n")).doesNotContain("200 OK").doesNotContain("\tat ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n"))
        .contains(" 431 ");
    assertThat(raw("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .contains(" 414 ");
    assertThat(
            raw(
                "POST /batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + auth
                    + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"))
        .doesNotContain("200 OK")
        .doesNotContain("201");
    assertThat(airflow.get("/").status()).isEqualTo(200);
  }

  @Test
  void idleConnectionsDontKeepOthersOut() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
        socket
            .getOutputStream()
            .write(
                "POST /batches HTTP/1.1\r\nHost: x\r\nContent-"
                    .getBytes(StandardCharsets.US_ASCII));
        idle.add(socket);
      }
      assertThat(airflow.get("/batches").status()).isEqualTo(200);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void slowRequestsAreCut() throws Exception {
    stop();
    endpoint =
        TestEndpoint.start(
            Files.createDirectory(directory.resolve("slow")), "endpoint.request-timeout", "300ms");

    assertThat(untilCut("GET / HT")).isEmpty();
    assertThat(
            untilCut(
                "POST /batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"file\":"))
        .isEmpty();
    assertThat(
            untilCut(
                "POST /batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"))
        .isEmpty();
    assertThat(endpoint.client().get("/").status()).isEqualTo(200);
  }

  /** Sends bytes and reads until the server closes; a time-out of the read fails the test. */
  private String untilCut(String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Sends bytes and reads until the server has nothing more to say for a moment, or closes. */
  private String raw(String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
      socket.setSoTimeout(700);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[8192];
      try {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
      } catch (IOException e) {
        // Nothing more came, or the server cut the connection.
      }
      return answer.toString();
    }
  }
}
