package dev.caravan.shared.yandex;

import java.net.URI;
import java.nio.file.Path;

/**
 * Caravan's credentials for the cloud. They refer to the location of a secret, and never contain
 * it.
 */
public sealed interface YandexCredentials {

  /** For messages: what it is and where it lies. */
  String describe();

  /**
   * Reads the file that the secret lies in, if it is one; without a word to the network.
   *
   * @throws dev.caravan.shared.FatalException if it can't be used, without quoting it
   */
  default void requireUsable() {
    TokenSources.require(this);
  }

  /** A service account's authorized key, as {@code yc iam key create} writes it. */
  record ServiceAccountKey(Path file) implements YandexCredentials {
    @Override
    public String describe() {
      return "the service-account key in " + file;
    }
  }

  /**
   * The service account of the virtual machine Caravan runs on.
   *
   * @param server the metadata server, {@code http://169.254.169.254} on a Yandex VM
   */
  record Metadata(URI server) implements YandexCredentials {
    @Override
    public String describe() {
      return "the VM's service account from the metadata server " + server;
    }
  }

  /** An IAM token that somebody else keeps fresh in a file; the file is read again and again. */
  record IamTokenFile(Path file) implements YandexCredentials {
    @Override
    public String describe() {
      return "the IAM token in " + file;
    }
  }

  /** A person's OAuth token; the cloud is giving these up. */
  record OAuthTokenFile(Path file) implements YandexCredentials {
    @Override
    public String describe() {
      return "the OAuth token in " + file;
    }
  }
}
