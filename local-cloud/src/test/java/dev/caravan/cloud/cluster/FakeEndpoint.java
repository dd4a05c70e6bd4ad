package dev.caravan.cloud.cluster;

import com.sun.net.httpserver.HttpServer;
import java.io.FileReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Stands for the cluster endpoint: reads its settings, answers /health, and has a batch in a
 * session of its own that nobody ends. The batch's process id is in a file of its data directory.
 */
public final class FakeEndpoint {
  private static final String BATCH = "batch";

  private FakeEndpoint() {}

  /** The batch of the endpoint that was started last with this data directory. */
  public static long batch(Path dataDirectory) throws IOException {
    return Long.parseLong(Files.readString(dataDirectory.resolve(BATCH)));
  }

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
    Path directory = Path.of(keys.getProperty("endpoint.data-dir"));
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(BATCH), Long.toString(batch.pid()));
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
