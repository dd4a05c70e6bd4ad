package dev.caravan.cloud.cluster;

import com.sun.net.httpserver.HttpServer;
import java.io.FileReader;
import java.net.InetSocketAddress;
import java.util.Properties;

/**
 * Stands for the cluster endpoint: reads its settings, answers /health, and has a batch in a
 * session of its own that nobody ends.
 */
public final class FakeEndpoint {

  private FakeEndpoint() {}

  public static void main(String[] args) throws Exception {
    Properties keys = new Properties();
    try (FileReader file = new FileReader(args[0].substring("--config=".length()))) {
      keys.load(file);
    }
    if (keys.containsKey("endpoint.refuse")) {
      System.out.println("endpoint.refuse is not a known key");
      System.exit(2);
    }
    Properties credentials = new Properties();
    try (FileReader file = new FileReader(keys.getProperty("endpoint.credentials-file"))) {
      credentials.load(file);
    }
    Process batch = new ProcessBuilder("setsid", "sleep", "600").start();
    System.out.println("batch " + batch.pid() + " home " + System.getenv("SPARK_HOME"));
    String expected = "Bearer " + credentials.getProperty("bearer.orchestrator");
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                keys.getProperty("endpoint.host"),
                Integer.parseInt(keys.getProperty("endpoint.port"))),
            0);
    server.createContext(
        "/health",
        exchange -> {
          String sent = exchange.getRequestHeaders().getFirst("Authorization");
          exchange.sendResponseHeaders(expected.equals(sent) ? 200 : 401, -1);
          exchange.close();
        });
    server.start();
  }
}
