package dev.caravan.endpoint.submit;

import java.util.List;
import java.util.regex.Pattern;

/** The prefixes under which what a request names must lie. */
public final class AllowedFiles {
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/{1,3}[^\\s,*?\\[\\]{}\\\\%#]+");
  private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9._-]+");

  private final String setting;
  private final List<String> prefixes;

  /**
   * Each prefix is a directory, with or without the slash at its end, or one file.
   *
   * @param setting where the prefixes stand, for messages
   */
  public AllowedFiles(String setting, List<String> prefixes) {
    this.setting = setting;
    this.prefixes = prefixes.stream().map(AllowedFiles::canonical).toList();
  }

  /**
   * Checks a file.
   *
   * @throws RejectedException if it doesn't lie under an allowed prefix, or is written so that one
   *     can't tell
   */
  public void check(String field, String file) {
    String canonical = canonical(file);
    boolean plain =
        FORM.matcher(canonical).matches()
            && !canonical.contains("/../")
            && !canonical.contains("/./")
            && !canonical.endsWith("/..")
            && !canonical.endsWith("/.")
            && !canonical.contains("@");
    if (!plain || prefixes.stream().noneMatch(prefix -> isUnder(prefix, canonical))) {
      throw new RejectedException(
          "the field '"
              + field
              + "': '"
              + file
              + "' is not under an allowed prefix ("
              + setting
              + ")");
    }
  }

  /** Checks {@code file#alias}, as Spark takes it for files and archives. */
  public void checkWithAlias(String field, String file) {
    int hash = file.indexOf('#');
    if (hash >= 0 && !ALIAS.matcher(file.substring(hash + 1)).matches()) {
      throw new RejectedException(
          "the field '" + field + "': the alias of '" + file + "' is not a plain name");
    }
    check(field, hash < 0 ? file : file.substring(0, hash));
  }

  private static boolean isUnder(String prefix, String file) {
    return file.startsWith(prefix)
        && (prefix.endsWith("/")
            || file.length() == prefix.length()
            || file.charAt(prefix.length()) == '/');
  }

  /** {@code /a}, {@code file:/a} and {@code file:///a} are one file. */
  private static String canonical(String file) {
    if (file.startsWith("file:///")) {
      return "file:" + file.substring("file://".length());
    }
    return file.startsWith("/") ? "file:" + file : file;
  }
}
