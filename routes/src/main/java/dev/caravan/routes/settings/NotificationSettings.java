package dev.caravan.routes.settings;

import dev.caravan.processors.batches.TrustedAuthorities;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.notifications.MailRoute;
import dev.caravan.processors.notifications.NotificationTarget;
import dev.caravan.processors.notifications.NotificationTarget.Address;
import dev.caravan.processors.notifications.QuietHours;
import dev.caravan.processors.notifications.TargetForm;
import dev.caravan.shared.settings.Nearest;
import dev.caravan.shared.settings.SecretFile;
import dev.caravan.shared.settings.SettingsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who is told of alarms, {@code caravan.notify.NAME.*}, and the dead man's switches, {@code
 * caravan.ping.*}.
 *
 * @param targets those of alarms, and the switch of each pipeline
 * @param server the switch of the server
 * @param serverEvery how often it is pinged
 * @param kept how long messages are kept once they have been delivered or given up
 */
public record NotificationSettings(
    List<NotificationTarget> targets,
    Optional<NotificationTarget> server,
    Duration serverEvery,
    Duration kept) {
  private static final String NOTIFY = "caravan.notify.";
  private static final String PING = "caravan.ping.";
  private static final String SERVER = "server";
  private static final String NAME = "[A-Za-z][A-Za-z0-9-]{0,59}";
  private static final Pattern NOTIFY_KEY =
      Pattern.compile("caravan\\.notify\\.(" + NAME + ")\\..+");
  private static final Pattern PING_KEY =
      Pattern.compile("caravan\\.ping\\.(" + NAME + ")(\\.url-file)?");

  public NotificationSettings {
    targets = List.copyOf(targets);
  }

  static NotificationSettings from(SettingsFile settings) {
    List<NotificationTarget> targets =
        Stream.concat(
                names(settings, NOTIFY_KEY).map(name -> target(settings, name)),
                names(settings, PING_KEY)
                    .filter(name -> !name.equals(SERVER))
                    .map(name -> monitor(settings, name)))
            .flatMap(Optional::stream)
            .toList();
    boolean watched = names(settings, PING_KEY).anyMatch(SERVER::equals);
    return new NotificationSettings(
        targets,
        watched ? monitor(settings, SERVER) : Optional.empty(),
        settings.duration(PING + SERVER + ".every", "1m", "1s", "1d"),
        settings.duration("caravan.alarms.messages-kept", "90d", "1h", "3650d"));
  }

  /** What fires when the server's switch is to be pinged, for Camel. */
  String pingUri() {
    return "scheduler:ping-server?initialDelay=0&delay=" + serverEvery.toMillis();
  }

  private static Stream<String> names(SettingsFile settings, Pattern keys) {
    return settings.all().keySet().stream()
        .map(keys::matcher)
        .filter(Matcher::matches)
        // A blank key counts as absent, and is no unknown one.
        .filter(
            key ->
                !settings.all().get(key.group()).isEmpty()
                    || settings.find(key.group()).isPresent())
        .map(key -> key.group(1))
        .collect(Collectors.toCollection(TreeSet::new))
        .stream();
  }

  private static Optional<NotificationTarget> target(SettingsFile settings, String name) {
    String prefix = NOTIFY + name + ".";
    String kinds = "chat, alertmanager, json, telegram or mail";
    String word = settings.required(prefix + "kind", "how " + name + " is told: " + kinds);
    Optional<TargetForm> form =
        Arrays.stream(TargetForm.values())
            .filter(each -> each != TargetForm.PING && each.word().equals(word))
            .findFirst();
    if (form.isEmpty() && !word.isEmpty()) {
      settings.refuse(prefix + "kind", word, kinds, word);
    }
    boolean mailed = form.filter(TargetForm.MAIL::equals).isPresent();
    boolean telegram = form.filter(TargetForm.TELEGRAM::equals).isPresent();
    boolean needsAddress = form.isPresent() && !mailed && !telegram;
    Optional<SecretFile> token = secret(settings, prefix + "token-file");
    if (telegram) {
      settings.required(prefix + "token-file", "the file that holds the bot's token");
      settings.required(prefix + "chat", "the number of the chat, or @channel");
    }
    NotificationTarget target =
        new NotificationTarget(
            name,
            form.orElse(TargetForm.JSON),
            address(settings, prefix + "url", prefix + "url-file", needsAddress),
            token,
            settings.find(prefix + "chat"),
            mail(settings, prefix, mailed),
            new LinkedHashSet<>(settings.list(prefix + "pipelines")),
            kinds(settings, prefix + "kinds"),
            quiet(settings, prefix + "quiet"));
    return form.map(each -> target);
  }

  private static Optional<NotificationTarget> monitor(SettingsFile settings, String name) {
    Optional<Address> address = address(settings, PING + name, PING + name + ".url-file", true);
    return address.map(
        url ->
            new NotificationTarget(
                "ping:" + name,
                TargetForm.PING,
                Optional.of(url),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(name),
                Set.of(),
                Optional.empty()));
  }

  private static Optional<Address> address(
      SettingsFile settings, String key, String fileKey, boolean needed) {
    Optional<String> url = settings.find(key);
    Optional<SecretFile> file = secret(settings, fileKey);
    if (url.isPresent() && file.isPresent()) {
      settings.refuse(fileKey, "set", "left out: " + key + " has the address already", "");
    }
    if (url.isEmpty() && file.isEmpty() && needed && settings.find(fileKey).isEmpty()) {
      settings.required(key, "the address, or " + fileKey + " with a file that holds it");
    }
    if (url.filter(text -> !Address.isHttp(text)).isPresent()) {
      // The value may be a secret.
      settings.refuse(key, "...", "an address that begins with https:// or http://", "");
      return Optional.empty();
    }
    return url.map(Address::of).or(() -> file.map(Address::in));
  }

  private static Optional<SecretFile> secret(SettingsFile settings, String key) {
    Optional<Path> path = settings.file(key);
    Optional<SecretFile> secret = path.map(file -> new SecretFile("The file of " + key, file));
    secret.ifPresent(SecretFile::warnIfOpen);
    return secret;
  }

  private static Optional<MailRoute> mail(SettingsFile settings, String prefix, boolean mailed) {
    String smtp =
        mailed
            ? settings.required(prefix + "smtp", "the mail server, such as smtp://localhost:25")
            : settings.text(prefix + "smtp", "");
    String from =
        mailed
            ? settings.required(prefix + "from", "the sender's address")
            : settings.text(prefix + "from", "");
    List<String> to = settings.list(prefix + "to");
    Optional<String> user = settings.find(prefix + "user");
    Optional<SecretFile> password = secret(settings, prefix + "password-file");
    Optional<Path> ca = authorities(settings, prefix + "ca-file");
    if (!mailed) {
      return Optional.empty();
    }
    if (to.isEmpty()) {
      settings.required(prefix + "to", "the recipients' addresses, separated by commas");
    }
    if (user.isPresent() != password.isPresent()) {
      String missing = user.isPresent() ? "password-file" : "user";
      settings.required(prefix + missing, "user and password-file go together");
    }
    return server(settings, prefix + "smtp", smtp)
        .map(
            uri ->
                new MailRoute(
                    uri,
                    from,
                    to,
                    user.flatMap(name -> password.map(file -> new MailRoute.Login(name, file))),
                    ca));
  }

  private static Optional<Path> authorities(SettingsFile settings, String key) {
    return settings
        .file(key)
        .flatMap(
            pem ->
                settings.checked(
                    key,
                    () -> {
                      TrustedAuthorities.read(pem);
                      return pem;
                    }));
  }

  private static Optional<URI> server(SettingsFile settings, String key, String text) {
    try {
      URI uri = new URI(text);
      boolean good =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawPath().isEmpty()
              && uri.getRawQuery() == null
              && ("smtp".equals(uri.getScheme()) || "smtps".equals(uri.getScheme()));
      if (good) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    return text.isEmpty()
        ? Optional.empty()
        : settings.refuse(
            key, text, "smtp://host:port or smtps://host:port", Optional.<URI>empty());
  }

  private static Set<AlarmKind> kinds(SettingsFile settings, String key) {
    Set<AlarmKind> kinds = new LinkedHashSet<>();
    for (String word : settings.list(key)) {
      Optional<AlarmKind> kind =
          Arrays.stream(AlarmKind.values()).filter(each -> word(each).equals(word)).findFirst();
      if (kind.isEmpty()) {
        settings.refuse(
            key,
            word,
            "some of "
                + Arrays.stream(AlarmKind.values())
                    .map(NotificationSettings::word)
                    .collect(Collectors.joining(", ")),
            "");
      }
      kind.ifPresent(kinds::add);
    }
    return kinds;
  }

  private static String word(AlarmKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<QuietHours> quiet(SettingsFile settings, String key) {
    return settings
        .find(key)
        .flatMap(
            text -> {
              try {
                return Optional.of(QuietHours.parse(text));
              } catch (IllegalArgumentException e) {
                return settings.refuse(
                    key,
                    text,
                    "a time of the day with its zone, such as 22:00-07:00 Europe/Moscow",
                    Optional.<QuietHours>empty());
              }
            });
  }

  /**
   * @throws SettingsException if a target or a switch is of a pipeline that isn't there: nobody
   *     would ever be told
   */
  void requirePipelines(Collection<String> known) {
    for (NotificationTarget target : targets) {
      for (String pipeline : target.pipelines()) {
        if (!known.contains(pipeline)) {
          String key =
              target.form() == TargetForm.PING
                  ? PING + pipeline
                  : NOTIFY + target.name() + ".pipelines";
          throw new SettingsException(
              "%s names the pipeline '%s', which does not exist%s"
                  .formatted(
                      key,
                      pipeline,
                      Nearest.to(pipeline, known)
                          .map(near -> ": did you mean " + near + "?")
                          .orElse(".")));
        }
      }
    }
  }
}
