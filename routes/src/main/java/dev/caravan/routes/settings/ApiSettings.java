package dev.caravan.routes.settings;

import dev.caravan.shared.http.Credentials;
import dev.caravan.shared.http.ListenAddress;
import dev.caravan.shared.http.ServerCertificate;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the server of the API listens, and whom it lets in. Without credentials it listens on
 * loopback only, and beyond that with credentials and TLS only.
 *
 * @param credentials a file of {@code basic.<user>}, {@code bearer.<name>}, {@code rights.<name>}
 * @param file tells clients of the same user where the server is
 */
public record ApiSettings(ListenAddress listen, Optional<Path> credentials, Path file) {
  public static final String PASSWORD_KEY = "caravan.server.tls-password-file";

  /** What the right of those who may do what the server is for is called. */
  public static final String OPERATE = "operate";

  private static final String HOST_KEY = "caravan.server.host";
  private static final String CREDENTIALS_KEY = "caravan.server.credentials-file";
  private static final String KEYSTORE_KEY = "caravan.server.tls-keystore";
  private static final String EMBEDDED = "jdbc:h2:file:";

  /**
   * @param journalUrl the file of an embedded journal has the server's file beside it
   */
  static ApiSettings from(SettingsFile settings, String journalUrl) {
    String host = settings.text(HOST_KEY, "127.0.0.1");
    int port = settings.integer("caravan.server.port", 8180, 0, 65535);
    Optional<Path> credentials = settings.file(CREDENTIALS_KEY);
    Optional<Path> keystore = settings.file(KEYSTORE_KEY);
    Optional<Path> password = settings.file(PASSWORD_KEY);
    if (keystore.isPresent() != password.isPresent()) {
      settings.refuse(
          keystore.isPresent() ? PASSWORD_KEY : KEYSTORE_KEY,
          "",
          "set as well: the keystore and its password's file go together",
          "");
    }
    checkBounds(settings, host, credentials.isPresent() && keystore.isPresent());
    credentials.ifPresent(file -> checkCredentials(settings, file));
    Path file = file(settings, journalUrl);
    return new ApiSettings(
        new ListenAddress(
            host,
            port,
            keystore.flatMap(store -> password.map(word -> new ServerCertificate(store, word)))),
        credentials,
        file);
  }

  /** Where people on other machines reach it; empty if only this one does, or if it isn't known. */
  public Optional<String> address() {
    boolean known =
        listen.port() != 0
            && !List.of("0.0.0.0", "::").contains(listen.host())
            && !ListenAddress.isLoopback(HOST_KEY, listen.host());
    return known
        ? Optional.of(
            (listen.tls().isPresent() ? "https://" : "http://")
                + listen.host()
                + ":"
                + listen.port())
        : Optional.empty();
  }

  private static void checkBounds(SettingsFile settings, String host, boolean guarded) {
    try {
      if (!ListenAddress.isLoopback(HOST_KEY, host) && !guarded) {
        settings.refuse(
            HOST_KEY,
            host,
            "127.0.0.1, since other machines reach it; or set "
                + CREDENTIALS_KEY
                + " and "
                + KEYSTORE_KEY
                + " as well",
            "");
      }
    } catch (SettingsException e) {
      settings.refuse(HOST_KEY, host, "an address or a name of this machine", "");
    }
  }

  private static void checkCredentials(SettingsFile settings, Path file) {
    try {
      Credentials.read(file, OPERATE);
    } catch (SettingsException e) {
      settings.refuse(
          CREDENTIALS_KEY, file.toString(), "a file of credentials: " + e.getMessage(), "");
    }
  }

  /** Where the server tells its clients where it is. */
  static Path file(SettingsFile settings, String journalUrl) {
    return settings.path("caravan.server.file", beside(journalUrl));
  }

  private static String beside(String journalUrl) {
    if (!journalUrl.startsWith(EMBEDDED)) {
      return "data/server.json";
    }
    String journal = journalUrl.substring(EMBEDDED.length()).split(";", 2)[0];
    return Path.of(journal).resolveSibling("server.json").toString();
  }
}
