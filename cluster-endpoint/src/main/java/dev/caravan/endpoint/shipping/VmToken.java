package dev.caravan.endpoint.shipping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The IAM token of the machine's service account, from its metadata server; kept, and fetched anew
 * when half of its life is over. Asked for by the shipping thread alone, which may wait.
 */
final class VmToken {
  private static final Logger LOG = LoggerFactory.getLogger(VmToken.class);
  private static final String PATH = "/computeMetadata/v1/instance/service-accounts/default/token";
  private static final int TIMEOUT_MILLIS = 3000;
  private static final int LARGEST = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final Clock clock;
  private String value = "";
  private Instant renew = Instant.MIN;
  private Instant end = Instant.MIN;

  VmToken(URI metadata, Clock clock) {
    this.address = URI.create(metadata + PATH);
    this.clock = clock;
  }

  /**
   * A token that is good for now.
   *
   * @throws IOException if there is none and none can be had; never quotes one
   */
  synchronized String get() throws IOException {
    Instant now = clock.instant();
    if (now.isBefore(renew)) {
      return value;
    }
    try {
      fetch(now);
    } catch (IOException e) {
      if (!now.isBefore(end)) {
        throw e;
      }
      LOG.warn("{}; the token at hand is good until {}.", e.getMessage(), end);
    }
    return value;
  }

  private void fetch(Instant now) throws IOException {
    HttpURLConnection http = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
    try {
      http.setRequestProperty("Metadata-Flavor", "Google");
      http.setInstanceFollowRedirects(false);
      http.setUseCaches(false);
      http.setConnectTimeout(TIMEOUT_MILLIS);
      http.setReadTimeout(TIMEOUT_MILLIS);
      int status = http.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException(
            "the metadata server "
                + address
                + " answered "
                + status
                + "; has this machine a service account?");
      }
      try (InputStream body = http.getInputStream()) {
        take(body.readNBytes(LARGEST), now);
      }
    } finally {
      http.disconnect();
    }
  }

  private void take(byte[] body, Instant now) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) { // whose message quotes the body
      throw new IOException("the metadata server " + address + " answered no JSON");
    }
    String token = json.path("access_token").asText();
    long seconds = json.path("expires_in").asLong();
    if (!token.matches("[!-~]+") || seconds <= 0) {
      throw new IOException(
          "the metadata server " + address + " answered something else than a token");
    }
    value = token;
    renew = now.plus(Duration.ofSeconds(seconds).dividedBy(2));
    end = now.plusSeconds(seconds);
  }
}
