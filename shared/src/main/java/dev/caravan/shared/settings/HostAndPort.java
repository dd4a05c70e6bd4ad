package dev.caravan.shared.settings;

/** An address of a service, for example {@code dataproc.api.cloud.yandex.net:443}. */
public record HostAndPort(String host, int port) {

  public HostAndPort {
    if (HostNames.inUrl(host).isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "'"
              + host
              + ":"
              + port
              + "' is not an address: expected a host and a port of 1 to 65535");
    }
  }

  /**
   * Reads {@code host:port}; an IPv6 host stands in brackets.
   *
   * @throws IllegalArgumentException with a sentence naming the text
   */
  public static HostAndPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("'" + text + "' is not an address: expected host:port");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address: an IPv6 host must be in brackets, as in [::1]:443");
    }
    return new HostAndPort(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
