package dev.caravan.routes.settings;

import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.FatalException;
import dev.caravan.processors.batches.BatchClientConfig;
import dev.caravan.processors.batches.EndpointCredentials;
import dev.caravan.processors.output.S3Config;
import dev.caravan.processors.yandex.HostAndPort;
import dev.caravan.processors.yandex.YandexConfig;
import dev.caravan.processors.yandex.YandexCredentials;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The settings of what Caravan talks to: the cloud, the cluster endpoint, S3. */
final class Remote {
  private Remote() {}

  static YandexConfig yandex(SettingsReader settings) {
    return new YandexConfig(
        address(settings, "caravan.yandex.dataproc", "dataproc.api.cloud.yandex.net:443"),
        address(settings, "caravan.yandex.operations", "operation.api.cloud.yandex.net:443"),
        address(settings, "caravan.yandex.iam", "iam.api.cloud.yandex.net:443"),
        settings.file("caravan.yandex.ca-file"),
        credentials(settings),
        settings.duration("caravan.yandex.call-timeout", "15s", "100ms", "10m"));
  }

  private static HostAndPort address(SettingsReader settings, String key, String otherwise) {
    String value = settings.text(key, otherwise);
    try {
      return HostAndPort.parse(value);
    } catch (IllegalArgumentException e) {
      throw settings.bad(key, value, "host:port, such as " + otherwise);
    }
  }

  private static YandexCredentials credentials(SettingsReader settings) {
    String key = "caravan.yandex.credentials";
    String kind =
        settings.oneOf(
            key, "service-account-key", "service-account-key", "metadata", "iam-token", "oauth");
    URI metadata = uri(settings, "caravan.yandex.metadata", "http://169.254.169.254");
    Optional<Path> keyFile = settings.file("caravan.yandex.key-file");
    Optional<Path> tokenFile = settings.file("caravan.yandex.token-file");
    return switch (kind) {
      case "metadata" -> new YandexCredentials.Metadata(metadata);
      case "iam-token" ->
          new YandexCredentials.IamTokenFile(
              needed(settings, tokenFile, "caravan.yandex.token-file", kind));
      case "oauth" ->
          new YandexCredentials.OAuthTokenFile(
              needed(settings, tokenFile, "caravan.yandex.token-file", kind));
      default ->
          new YandexCredentials.ServiceAccountKey(
              needed(settings, keyFile, "caravan.yandex.key-file", kind));
    };
  }

  private static Path needed(
      SettingsReader settings, Optional<Path> file, String key, String kind) {
    settings.required(key, "the file that caravan.yandex.credentials=" + kind + " reads");
    return file.orElseThrow();
  }

  static EndpointConfig endpoint(SettingsReader settings) {
    return new EndpointConfig(
        settings.oneOf("caravan.endpoint.scheme", "https", "https", "http"),
        settings.find("caravan.endpoint.host"),
        settings.integer("caravan.endpoint.port", 8998, 1, 65535),
        settings.duration("caravan.endpoint.ready-timeout", "10m", "1s", "3h"));
  }

  static BatchClientConfig batchClient(SettingsReader settings) {
    Optional<Path> credentials = settings.file("caravan.endpoint.credentials-file");
    Optional<Path> caFile = settings.file("caravan.endpoint.ca-file");
    try {
      return BatchClientConfig.of(
          credentials.map(EndpointCredentials::read).orElse(EndpointCredentials.none()), caFile);
    } catch (FatalException e) {
      throw new SettingsException("caravan.endpoint.credentials-file: " + e.getMessage());
    }
  }

  static S3Config s3(SettingsReader settings) {
    return S3Config.of(
        uri(settings, "caravan.s3.endpoint", "https://storage.yandexcloud.net"),
        settings.text("caravan.s3.region", "ru-central1"),
        settings.yes("caravan.s3.path-style", false),
        settings.requiredFile(
            "caravan.s3.credentials-file", "a file with access-key-id= and secret-access-key="));
  }

  private static URI uri(SettingsReader settings, String key, String otherwise) {
    String value = settings.text(key, otherwise);
    try {
      URI uri = URI.create(value);
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the same words.
    }
    throw settings.bad(key, value, "a URL such as " + otherwise);
  }
}
