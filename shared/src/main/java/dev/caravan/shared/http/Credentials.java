package dev.caravan.shared.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.Sha256;
import dev.caravan.shared.settings.PropertiesFile;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.settings.SettingsReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The configured credentials, kept as digests. Every comparison looks at all of them in constant
 * time, so that nothing can be learned from how long a refusal takes.
 */
public final class Credentials {
  /** RFC 7617 names none; browsers and curl send the first, Python's requests the second. */
  private static final List<Charset> BASIC = List.of(UTF_8, ISO_8859_1);

  private static final byte[] NOTHING = {};

  private final List<Entry> entries;

  private Credentials(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** No credentials are required; the settings allow this only on loopback. */
  public static Credentials none() {
    return new Credentials(List.of());
  }

  /**
   * Reads a file of {@code basic.<user>=<password>}, {@code bearer.<name>=<token>} and {@code
   * rights.<user or name>=read|operate|admin}.
   *
   * @param operate what this server calls the right to {@link Rights#OPERATE}, which is the default
   * @throws SettingsException if it holds anything else, or no credential
   */
  public static Credentials read(Path file, String operate) {
    Source source = Source.of(file);
    Map<String, String> rights = source.below("rights.");
    List<Entry> entries = new ArrayList<>();
    source
        .below("basic.")
        .forEach(
            (user, password) -> {
              String shown = "Basic " + user + ":" + password;
              for (Charset charset : BASIC) {
                if (charset.newEncoder().canEncode(shown)) {
                  entries.add(
                      entry(file, user, shown.getBytes(charset), password, rights, operate));
                }
              }
            });
    source
        .below("bearer.")
        .forEach(
            (name, token) ->
                entries.add(
                    entry(
                        file, name, ("Bearer " + token).getBytes(UTF_8), token, rights, operate)));
    source.refuseUnknown();
    if (entries.isEmpty()) {
      throw new SettingsException(
          "The credentials file " + file + " contains neither a basic.<user> nor a bearer.<name>.");
    }
    return new Credentials(entries);
  }

  private static Entry entry(
      Path file,
      String name,
      byte[] shown,
      String secret,
      Map<String, String> rights,
      String operate) {
    if (secret.isEmpty()) {
      throw new SettingsException("The credential of " + name + " in " + file + " is empty.");
    }
    String right = rights.getOrDefault(name, operate);
    List<String> words = List.of("read", operate, "admin");
    int granted = words.indexOf(right.toLowerCase(Locale.ROOT));
    if (granted < 0) {
      throw new SettingsException(
          "rights."
              + name
              + "="
              + right
              + " in "
              + file
              + " is not one of "
              + String.join(", ", words)
              + ".");
    }
    return new Entry(new Caller(name, Rights.values()[granted]), digest(shown));
  }

  /** These, and one more that is shown as a bearer token. */
  public Credentials and(String name, Rights rights, String token) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(new Entry(new Caller(name, rights), digest(("Bearer " + token).getBytes(UTF_8))));
    return new Credentials(more);
  }

  /** The caller with this Authorization header; empty if it is unknown. */
  Optional<Caller> caller(String authorization) {
    if (entries.isEmpty()) {
      return Optional.of(Caller.ANYBODY);
    }
    byte[] shown = digest(plain(authorization == null ? "" : authorization));
    Caller found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest, shown)) {
        found = entry.caller;
      }
    }
    return Optional.ofNullable(found);
  }

  /** {@code Basic user:password} or {@code Bearer token}; scheme names are case-insensitive. */
  private static byte[] plain(String authorization) {
    int blank = authorization.indexOf(' ');
    String scheme = blank < 0 ? "" : authorization.substring(0, blank);
    String rest = authorization.substring(blank + 1).trim();
    if (scheme.equalsIgnoreCase("bearer")) {
      return ("Bearer " + rest).getBytes(UTF_8);
    }
    if (scheme.equalsIgnoreCase("basic")) {
      try {
        byte[] pair = Base64.getDecoder().decode(rest);
        byte[] name = "Basic ".getBytes(UTF_8);
        byte[] plain = Arrays.copyOf(name, name.length + pair.length);
        System.arraycopy(pair, 0, plain, name.length, pair.length);
        return plain;
      } catch (IllegalArgumentException e) {
        return NOTHING;
      }
    }
    return NOTHING;
  }

  private static byte[] digest(byte[] bytes) {
    return Sha256.digest().digest(bytes);
  }

  /** The lines of a file; the first that is wrong is refused. */
  private static final class Source extends SettingsReader {
    private Source(Map<String, String> values) {
      super(values);
    }

    private static Source of(Path file) {
      try {
        return new Source(PropertiesFile.read(file));
      } catch (FatalException e) {
        throw new SettingsException("The settings can't be read: " + e.getMessage());
      }
    }

    @Override
    public <T> T refuse(String key, String value, String allowed, T otherwise) {
      throw new SettingsException(key + " is not " + allowed + ".");
    }

    private void refuseUnknown() {
      for (String key : unknown()) {
        throw new SettingsException(
            "The setting "
                + key
                + " is unknown"
                + nearest(key).map(near -> "; the nearest known one is " + near).orElse("")
                + ".");
      }
    }
  }

  private static final class Entry {
    private final Caller caller;
    private final byte[] digest;

    Entry(Caller caller, byte[] digest) {
      this.caller = caller;
      this.digest = digest;
    }
  }
}
