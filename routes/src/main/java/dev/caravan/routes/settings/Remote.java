package dev.caravan.routes.settings;

import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.batches.BatchClientConfig;
import dev.caravan.processors.batches.CertificatePlace;
import dev.caravan.processors.batches.EndpointCredentials;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.settings.HostNames;
import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The settings of what Caravan talks to: the cloud, the cluster endpoint, S3. */
final class Remote {
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]+");

  /** Stands for a file that isn't there, which is noted and so refuses the start. */
  private static final Path ABSENT = Path.of("");

  private Remote() {}

  static YandexSettings yandex(SettingsFile settings) {
    String caKey = "caravan.yandex.ca-file";
    Optional<Path> caFile = settings.file(caKey);
    YandexSettings config =
        new YandexSettings(
            address(settings, "caravan.yandex.dataproc", "dataproc.api.cloud.yandex.net:443"),
            address(settings, "caravan.yandex.operations", "operation.api.cloud.yandex.net:443"),
            address(settings, "caravan.yandex.iam", "iam.api.cloud.yandex.net:443"),
            caFile,
            credentials(settings),
            settings.duration("caravan.yandex.call-timeout", "15s", "100ms", "10m"),
            proxy(settings, "caravan.yandex.proxy")
                .map(
                    url ->
                        new HostAndPort(url.getHost().replaceAll("[\\[\\]]", ""), url.getPort())));
    caFile.ifPresent(file -> settings.check(caKey, config::requireAuthorities));
    return config;
  }

  private static HostAndPort address(SettingsFile settings, String key, String otherwise) {
    String value = settings.text(key, otherwise);
    try {
      return HostAndPort.parse(value);
    } catch (IllegalArgumentException e) {
      return settings.refuse(
          key, value, "host:port, such as " + otherwise, HostAndPort.parse(otherwise));
    }
  }

  private static YandexCredentials credentials(SettingsFile settings) {
    String keyFile = "caravan.yandex.key-file";
    String tokenFile = "caravan.yandex.token-file";
    String kind =
        settings.oneOf(
            "caravan.yandex.credentials",
            "service-account-key",
            "service-account-key",
            "metadata",
            "iam-token",
            "oauth");
    URI metadata = url(settings, "caravan.yandex.metadata", "http://169.254.169.254");
    // Known, but the files that this kind doesn't read need not be there.
    settings.find(keyFile);
    settings.find(tokenFile);
    return switch (kind) {
      case "metadata" -> new YandexCredentials.Metadata(metadata);
      case "iam-token" -> secret(settings, tokenFile, kind, YandexCredentials.IamTokenFile::new);
      case "oauth" -> secret(settings, tokenFile, kind, YandexCredentials.OAuthTokenFile::new);
      default -> secret(settings, keyFile, kind, YandexCredentials.ServiceAccountKey::new);
    };
  }

  private static YandexCredentials secret(
      SettingsFile settings,
      String key,
      String kind,
      Function<Path, YandexCredentials> credentials) {
    Optional<Path> file =
        settings.requiredFile(key, "the file that caravan.yandex.credentials=" + kind + " reads");
    YandexCredentials found = credentials.apply(file.orElse(ABSENT));
    file.ifPresent(path -> settings.check(key, found::requireUsable));
    return found;
  }

  /**
   * @param prefix of the cluster's keys of its endpoint
   */
  static EndpointConfig endpoint(SettingsFile settings, String prefix) {
    String key = prefix + "host";
    Optional<String> host = settings.find(key);
    if (host.isPresent() && HostNames.inUrl(host.get()).isEmpty()) {
      host =
          settings.refuse(
              key,
              host.get(),
              "a host name or an IP address alone (its scheme and port are %sscheme and %sport)"
                  .formatted(prefix, prefix),
              Optional.empty());
    }
    return new EndpointConfig(
        settings.oneOf(prefix + "scheme", "https", "https", "http"),
        host,
        settings.integer(prefix + "port", 8998, 1, 65535),
        settings.duration(prefix + "ready-timeout", "10m", "1s", "3h"));
  }

  static BatchClientConfig batchClient(SettingsFile settings, String prefix) {
    String credentialsKey = prefix + "credentials-file";
    String caKey = prefix + "ca-file";
    Optional<EndpointCredentials> credentials =
        settings
            .file(credentialsKey)
            .flatMap(
                file -> settings.checked(credentialsKey, () -> EndpointCredentials.read(file)));
    BatchClientConfig config =
        BatchClientConfig.of(
            credentials.orElse(EndpointCredentials.none()), certificates(settings, caKey));
    settings.check(caKey, config::requireAuthorities);
    return config;
  }

  /** A file, or an object in S3, which need not be there yet. */
  private static Optional<CertificatePlace> certificates(SettingsFile settings, String key) {
    Optional<String> object = settings.find(key).filter(text -> text.startsWith("s3://"));
    if (object.isEmpty()) {
      return settings.file(key).map(CertificatePlace.InFile::new);
    }
    try {
      return Optional.of(new CertificatePlace.InStorage(S3Location.of(object.get())));
    } catch (IllegalArgumentException e) {
      return settings.refuse(
          key, object.get(), "a file, or an object of the form s3://bucket/path", Optional.empty());
    }
  }

  static S3Settings s3(SettingsFile settings) {
    String key = "caravan.s3.credentials-file";
    URI endpoint = url(settings, "caravan.s3.endpoint", "https://storage.yandexcloud.net");
    String region = settings.text("caravan.s3.region", "ru-central1");
    if (!REGION.matcher(region).matches()) {
      region =
          settings.refuse(
              "caravan.s3.region", region, "a region such as ru-central1", "ru-central1");
    }
    boolean pathStyle = settings.yes("caravan.s3.path-style", false);
    Optional<Path> file =
        settings.requiredFile(key, "a file with access-key-id= and secret-access-key=");
    return new S3Settings(
        endpoint,
        region,
        pathStyle,
        file.flatMap(path -> settings.checked(key, () -> S3Key.read(path))),
        S3Component.USUAL_TIMEOUT,
        proxy(settings, "caravan.s3.proxy"));
  }

  private static URI url(SettingsFile settings, String key, String otherwise) {
    String value = settings.text(key, otherwise);
    return parse(value)
        .orElseGet(
            () ->
                settings.refuse(
                    key,
                    value,
                    "a URL without a path, such as " + otherwise,
                    URI.create(otherwise)));
  }

  private static Optional<URI> proxy(SettingsFile settings, String key) {
    return settings
        .find(key)
        .flatMap(
            value ->
                parse(value)
                    .filter(url -> url.getScheme().equals("http") && url.getPort() > 0)
                    .or(
                        () ->
                            settings.refuse(
                                key,
                                value,
                                "an HTTP proxy such as http://proxy.example:3128",
                                Optional.<URI>empty())));
  }

  /** A URL of a server, and nothing beside it. */
  private static Optional<URI> parse(String value) {
    try {
      URI url = URI.create(value);
      boolean server =
          ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
              && url.getHost() != null
              && url.getPort() != 0
              && url.getPort() <= 65535
              && url.getRawUserInfo() == null
              && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      return server ? Optional.of(url) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
