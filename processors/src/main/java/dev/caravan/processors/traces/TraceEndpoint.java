package dev.caravan.processors.traces;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.PropertiesFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where traces are sent.
 *
 * @param address of the collector's OTLP over HTTP, with its path
 * @param headersFile holds headers that are sent along, secrets among them
 */
public record TraceEndpoint(URI address, Optional<Path> headersFile) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");

  /**
   * What is sent along; read each time, so that a new secret needs no restart.
   *
   * @throws FatalException if the file can't be read or holds something else; never quotes a value
   */
  public Map<String, String> headers() {
    return headersFile.map(TraceEndpoint::read).orElse(Map.of());
  }

  private static Map<String, String> read(Path file) {
    Map<String, String> headers = new TreeMap<>();
    PropertiesFile.read(file).forEach((name, value) -> headers.put(name, value.strip()));
    headers.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            throw new FatalException(
                file
                    + " must hold lines of NAME=VALUE, each a header in printable ASCII such as"
                    + " Authorization=Bearer TOKEN: correct the one that begins with '"
                    + name.substring(0, Math.min(name.length(), 20))
                    + "'.");
          }
        });
    return headers;
  }
}
