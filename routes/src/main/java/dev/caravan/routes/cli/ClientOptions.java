package dev.caravan.routes.cli;

import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import dev.caravan.shared.settings.SettingsException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whom a command asks: a server that is named, the one of this installation, or the journal. */
public final class ClientOptions {
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "the server, such as https://caravan.example:8180 (default: the one that runs with these settings on this machine; without one, the journal itself)")
  private Optional<URI> server = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "holds the bearer token for --server, and nothing else")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "PEM certificates to trust for --server, for instance the server's own (default: those of the JVM)")
  private Optional<Path> authorities = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public SettingsOptions settings() {
    return settings;
  }

  /**
   * The server that is named, or that of this installation; empty if none runs.
   *
   * @throws SettingsException if the options or the settings are no good
   */
  public Optional<ControlPlane> server() {
    return server.isPresent() ? Optional.of(named(server.get())) : ofThisInstallation();
  }

  private ControlPlane named(URI address) {
    if (!String.valueOf(address.getScheme()).matches("https?") || address.getHost() == null) {
      throw new SettingsException(
          "--server is '" + address + "', but must be an address such as http://127.0.0.1:8180.");
    }
    String text = address.toString().replaceAll("/+$", "");
    return new HttpControlPlane(
        new ApiConnection(
            URI.create(text),
            tokenFile.map(file -> new SecretFile("The token file", file).readToken()),
            authorities.map(TrustedServer::issuedBy)));
  }

  private Optional<ControlPlane> ofThisInstallation() {
    try {
      return ofFile(settings.readForClient().serverFile());
    } catch (OperationException e) {
      // After a kill -9 its process number may have become another program's.
      say(e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * The server that has written this file; empty if none runs.
   *
   * @throws OperationException if one may run, but doesn't answer
   */
  static Optional<ControlPlane> ofFile(Path serverFile) {
    return ServerFile.read(serverFile)
        .filter(ServerFile::isAlive)
        .map(
            found -> {
              HttpControlPlane plane =
                  new HttpControlPlane(
                      new ApiConnection(
                          found.address(),
                          Optional.of(found.token()),
                          found.certificate().map(TrustedServer::ofFile)));
              plane.server();
              return plane;
            });
  }

  /**
   * A server's control plane, or one over the journal, and says so.
   *
   * @throws SettingsException if the options or the settings are no good
   * @throws OperationException if the journal can't be opened
   */
  public ControlPlane open() {
    Optional<ControlPlane> running = server();
    if (running.isPresent()) {
      return running.get();
    }
    Settings read = settings.read();
    say("no server runs with these settings: opening the journal itself");
    try {
      return JournalControlPlane.open(read, Clock.systemUTC());
    } catch (FatalException e) {
      throw new OperationException(OperationException.Reason.UNAVAILABLE, e.getMessage());
    }
  }

  private void say(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("caravan: " + text);
    err.flush();
  }
}
