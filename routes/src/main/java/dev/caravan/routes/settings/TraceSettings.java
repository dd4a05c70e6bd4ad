package dev.caravan.routes.settings;

import dev.caravan.processors.traces.TraceEndpoint;
import dev.caravan.shared.settings.SecretFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the traces of sessions are sent, {@code caravan.traces.*}. */
final class TraceSettings {
  private static final String ENDPOINT = "caravan.traces.endpoint";
  private static final String HEADERS = "caravan.traces.headers-file";
  private static final String CA = "caravan.traces.ca-file";

  private TraceSettings() {}

  /** Empty if they are sent nowhere. */
  static Optional<TraceEndpoint> from(SettingsFile settings) {
    Optional<Path> headers = settings.file(HEADERS);
    headers.ifPresent(file -> new SecretFile("The file of " + HEADERS, file).warnIfOpen());
    Optional<Path> authorities = settings.file(CA);
    Optional<String> address = settings.find(ENDPOINT);
    if (address.isEmpty() && (headers.isPresent() || authorities.isPresent())) {
      String set = headers.isPresent() ? HEADERS : CA;
      settings.required(ENDPOINT, set + " is set, but not where traces are sent to");
    }
    Optional<TraceEndpoint> endpoint =
        address
            .flatMap(text -> uri(settings, text))
            .map(uri -> new TraceEndpoint(uri, headers, authorities));
    endpoint.ifPresent(known -> settings.check(HEADERS, known::headers));
    endpoint.ifPresent(known -> settings.check(CA, known::certificates));
    return endpoint;
  }

  /** Without a path a collector would answer 404 to each trace. */
  private static Optional<URI> uri(SettingsFile settings, String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && uri.getRawPath().length() > 1) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    return settings.refuse(
        ENDPOINT,
        text,
        "the address of a collector's OTLP over HTTP with its path and without a password, such as http://127.0.0.1:4318/v1/traces",
        Optional.<URI>empty());
  }
}
