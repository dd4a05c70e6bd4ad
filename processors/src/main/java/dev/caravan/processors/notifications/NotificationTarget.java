package dev.caravan.processors.notifications;

import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Where messages go. Secrets are read from their files each time, and never told.
 *
 * @param name unique among all targets
 * @param url where it is; of Telegram the API's address; empty for mail
 * @param token of Telegram the bot's; else sent as a bearer token
 * @param chat of Telegram: whom the bot writes to
 * @param pipelines those whose alarms it gets; empty: all. Alarms about clusters go to all targets
 * @param kinds the alarms that it gets; empty: all
 */
public record NotificationTarget(
    String name,
    TargetForm form,
    Optional<Address> url,
    Optional<SecretFile> token,
    Optional<String> chat,
    Optional<MailRoute> mail,
    Set<String> pipelines,
    Set<AlarmKind> kinds,
    Optional<QuietHours> quiet) {

  public NotificationTarget {
    pipelines = Set.copyOf(pipelines);
    kinds = Set.copyOf(kinds);
  }

  /**
   * A URL, which may be a secret: itself, or the file that holds it.
   *
   * @param text empty if it is in the file
   */
  public record Address(String text, Optional<SecretFile> file) {
    public static Address of(String url) {
      return new Address(url, Optional.empty());
    }

    public static Address in(SecretFile file) {
      return new Address("", Optional.of(file));
    }

    /**
     * @throws FatalException if it is no address; never quotes it
     */
    String read() {
      String read = file.map(SecretFile::readToken).orElse(text);
      if (!isHttp(read)) {
        throw new FatalException(
            file.map(secret -> "The file " + secret.path()).orElse("The setting")
                + " holds no address that begins with https:// or http://");
      }
      return read;
    }

    /** Whether it is the address of a web server, without a password in it. */
    public static boolean isHttp(String url) {
      try {
        URI uri = new URI(url);
        return uri.getHost() != null
            && uri.getRawUserInfo() == null
            && ("https".equalsIgnoreCase(uri.getScheme())
                || "http".equalsIgnoreCase(uri.getScheme()));
      } catch (URISyntaxException e) {
        return false;
      }
    }

    @Override
    public String toString() {
      return file.map(secret -> secret.path().toString()).orElse("(a URL)");
    }
  }

  /**
   * Whether it gets this alarm.
   *
   * @param pipeline empty: the alarm is about a cluster
   */
  public boolean gets(AlarmKind kind, Optional<String> pipeline) {
    return form != TargetForm.PING
        && (kinds.isEmpty() || kinds.contains(kind))
        && (pipelines.isEmpty() || pipeline.isEmpty() || pipelines.contains(pipeline.get()));
  }

  /** Whether it is told when a run of the pipeline begins and ends. */
  public boolean watches(String pipeline) {
    return form == TargetForm.PING && pipelines.contains(pipeline);
  }

  public boolean isQuietAt(Instant moment) {
    return quiet.filter(hours -> hours.contains(moment)).isPresent();
  }

  /** The text without this target's secrets, which the errors of libraries quote. */
  public String redact(String text) {
    String clean = text;
    for (Optional<String> secret :
        java.util.List.of(
            secretOf(token),
            secretOf(mail.flatMap(MailRoute::login).map(MailRoute.Login::password)),
            url.flatMap(Address::file).flatMap(file -> secretOf(Optional.of(file))),
            url.map(Address::text).filter(written -> !written.isEmpty()))) {
      if (secret.isPresent()) {
        clean = clean.replace(secret.get(), "***");
      }
    }
    // What is left of an address that was taken apart: its path is the secret of a webhook.
    return clean.replaceAll("(?i)(https?://[^/\\s'\"<>]+)/[^\\s'\"<>]*", "$1/***");
  }

  private static Optional<String> secretOf(Optional<SecretFile> file) {
    try {
      return file.map(SecretFile::read);
    } catch (FatalException e) {
      // It can't be read, so that nobody can have quoted it.
      return Optional.empty();
    }
  }
}
