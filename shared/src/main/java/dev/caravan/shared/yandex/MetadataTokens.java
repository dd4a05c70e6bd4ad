package dev.caravan.shared.yandex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import yandex.cloud.sdk.auth.IamToken;

/**
 * The token of the virtual machine's service account, from the metadata server (Yandex Compute
 * Cloud, "Getting an IAM token from a VM"). No proxies and no redirects: the token is for nobody
 * else's eyes.
 *
 * @param timeout to connect, and for each read
 */
record MetadataTokens(URI server, Duration timeout, Clock clock) implements TokenSource {
  private static final String PATH = "/computeMetadata/v1/instance/service-accounts/default/token";
  private static final int LARGEST = 64 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public IamToken fetch() {
    URI address = URI.create(server.toString().replaceAll("/+$", "") + PATH);
    try {
      HttpURLConnection http = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      try {
        http.setRequestProperty("Metadata-Flavor", "Google");
        http.setInstanceFollowRedirects(false);
        http.setUseCaches(false);
        http.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
        http.setReadTimeout(Math.toIntExact(timeout.toMillis()));
        if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
          throw refusal(http.getResponseCode(), body(http.getErrorStream()));
        }
        return token(body(http.getInputStream()));
      } finally {
        http.disconnect();
      }
    } catch (IOException e) {
      throw new RetryableException(
          "The metadata server "
              + server
              + " does not answer: "
              + e
              + ". What to do: use caravan.yandex.credentials=metadata only on a Yandex VM",
          e);
    }
  }

  private RuntimeException refusal(int code, String body) {
    String said =
        "The metadata server "
            + server
            + " answers "
            + code
            + (body.isBlank() ? "" : ": " + CloudMessage.brief(body));
    return code >= 500 || code == 429
        ? new RetryableException(said)
        : new FatalException(said + ". What to do: attach a service account to this VM");
  }

  private IamToken token(String body) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) { // whose message quotes the body
      throw unreadable();
    }
    String value = json.path("access_token").asText();
    JsonNode seconds = json.path("expires_in");
    if (!value.matches("[!-~]+") || !seconds.canConvertToInt() || seconds.asInt() <= 0) {
      throw unreadable();
    }
    return new IamToken(value, clock.instant().plusSeconds(seconds.asInt()));
  }

  private FatalException unreadable() {
    return new FatalException(
        "The metadata server "
            + server
            + " did not return a token. What to do: check caravan.yandex.metadata");
  }

  private static String body(InputStream stream) throws IOException {
    if (stream == null) {
      return "";
    }
    try (stream) {
      return new String(stream.readNBytes(LARGEST), StandardCharsets.UTF_8).strip();
    }
  }
}
