package dev.caravan.shared.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Host names and IP addresses as they stand in a URL. */
public final class HostNames {
  private HostNames() {}

  /**
   * A host as a URL has it: an IPv6 address gets its brackets.
   *
   * @param host a DNS name, an IPv4 address, or an IPv6 address with or without brackets
   * @return empty if it is none of these: a URL, a name with a port, a blank or an underscore
   */
  public static Optional<String> inUrl(String host) {
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    String written = bare ? "[" + host + "]" : host;
    try {
      // The server-based form alone: the other one takes almost anything for an authority.
      URI url = new URI("http://" + written + ":1").parseServerAuthority();
      boolean hostAlone =
          written.equals(url.getHost())
              && url.getPort() == 1
              && url.getRawUserInfo() == null
              && url.getRawPath().isEmpty();
      return hostAlone ? Optional.of(written) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
