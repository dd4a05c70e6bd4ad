package dev.caravan.processors.traces;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.TrustedCertificates;
import dev.caravan.shared.settings.PropertiesFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where traces are sent.
 *
 * @param address of the collector's OTLP over HTTP, with its path
 * @param headersFile holds headers that are sent along, secrets among them
 * @param caFile PEM of those that vouch for the collector; empty: those of the JDK
 */
public record TraceEndpoint(URI address, Optional<Path> headersFile, Optional<Path> caFile) {
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

  /**
   * Those that vouch for the collector, and no others do; read each time. Empty: those of the JDK.
   *
   * @throws FatalException if the file can't be read or holds no certificate
   */
  public Optional<byte[]> certificates() {
    return caFile.map(TraceEndpoint::readCertificates);
  }

  private static byte[] readCertificates(Path file) {
    try {
      byte[] pem = Files.readAllBytes(file);
      TrustedCertificates.read(new ByteArrayInputStream(pem));
      return pem;
    } catch (IOException | CertificateException e) {
      throw new FatalException(file + " holds no certificate in PEM that can be read: " + e, e);
    }
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
