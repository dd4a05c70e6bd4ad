package dev.caravan.processors.notifications;

import dev.caravan.shared.settings.SecretFile;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * How e-mail leaves.
 *
 * @param server {@code smtp://host:25}, or {@code smtps://host:465} for TLS from the first byte
 * @param login the user and the file with the password alone; empty: none is asked for
 */
public record MailRoute(URI server, String from, List<String> to, Optional<Login> login) {
  /** Who sends it. */
  public record Login(String user, SecretFile password) {}

  public MailRoute {
    to = List.copyOf(to);
  }
}
