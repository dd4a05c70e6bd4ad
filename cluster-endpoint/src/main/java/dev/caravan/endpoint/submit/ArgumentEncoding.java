package dev.caravan.endpoint.submit;

import dev.caravan.endpoint.settings.SystemEncoding;
import java.nio.charset.Charset;
import java.util.List;

/**
 * Checks that an argument list reaches the program unchanged. Java writes argv in the encoding of
 * its locale, and replaces characters that the encoding lacks by {@code ?}: under systemd's POSIX
 * locale a job would silently get a different argument.
 */
final class ArgumentEncoding {
  private final Charset argv;

  /** In this process's own locale. */
  ArgumentEncoding() {
    this(SystemEncoding.ofArguments());
  }

  ArgumentEncoding(Charset argv) {
    this.argv = argv;
  }

  /**
   * Returns the arguments unchanged.
   *
   * @throws RejectedException if one of them would be changed
   */
  List<String> check(List<String> words) {
    for (String word : words) {
      if (!argv.newEncoder().canEncode(word)) {
        throw new RejectedException(
            "'"
                + abbreviated(word)
                + "' can't be passed to a program in the encoding "
                + argv
                + "; start the endpoint with LC_ALL=C.UTF-8, and send no broken surrogates");
      }
    }
    return words;
  }

  private static String abbreviated(String word) {
    return word.length() > 100 ? word.substring(0, 100) + "..." : word;
  }
}
