package dev.caravan.endpoint.submit;

import dev.caravan.endpoint.settings.SystemEncoding;
import java.nio.charset.Charset;
import java.util.List;

/**
 * Whether an argument list reaches the program as it is. Java writes argv in the encoding of the
 * locale it was started in, and puts a {@code ?} for what that can't say: under systemd's bare
 * POSIX locale a job would silently get another argument than it was sent.
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
   * Returns the words as they are.
   *
   * @throws RejectedException if one of them would arrive as another
   */
  List<String> check(List<String> words) {
    for (String word : words) {
      if (!argv.newEncoder().canEncode(word)) {
        throw new RejectedException(
            "'"
                + abbreviated(word)
                + "' can't be handed to a program in the encoding "
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
