package dev.caravan.processors.notifications;

import dev.caravan.shared.settings.SecretFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How e-mail leaves.
 *
 * @param server {@code smtp://host:25}, or {@code smtps://host:465} for TLS from the first byte
 * @param login the user and the file with the password alone; empty: none is asked for
 * @param ca a PEM file of those who vouch for the server; empty: the JDK's
 */
public record MailRoute(
    URI server, String from, List<String> to, Optional<Login> login, Optional<Path> ca) {
  /** Who sends it. */
  public record Login(String user, SecretFile password) {}

  public MailRoute {
    to = List.copyOf(to);
  }
}
