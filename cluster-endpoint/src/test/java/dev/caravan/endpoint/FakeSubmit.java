package dev.caravan.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A spark-submit that does what a batch's args say, one step each: {@code print TEXT}, {@code
 * complain TEXT}, {@code exit N}, {@code stay} (until it is ended, a minute at most), {@code
 * ignore-term}, {@code fork} (leaves a child behind), {@code escape} (a child in a session of its
 * own), {@code line BYTES}, {@code lines N}, {@code await FILE}, {@code environment}, {@code
 * suicide} (with its group), {@code junk BYTES} (random ones), {@code summary TEXT}, {@code
 * long-summary BYTES}, {@code pipe-summary}.
 */
final class FakeSubmit {
  private static final String SCRIPT =
      """
      #!/bin/sh
      [ "$1" = --version ] && exit 0
      echo "$*" >>"@DIR@/starts"
      while [ $# -gt 0 ]; do
        word=$1
        shift
        case "$word" in *.jar) break ;; esac
      done
      for step in "$@"; do
        verb=${step%% *}
        rest=${step#* }
        case "$verb" in
          print) echo "$rest" ;;
          complain) echo "$rest" >&2 ;;
          exit) exit "$rest" ;;
          stay) sleep 60 ;;
          ignore-term) trap '' TERM ;;
          fork) sleep 60 & ;;
          escape) setsid sleep 60 & ;;
          line) head -c "$rest" /dev/zero | tr '\\0' x ;;
          lines) seq "$rest" ;;
          await) while [ ! -e "$rest" ]; do sleep 0.02; done ;;
          environment) env ;;
          junk) head -c "$rest" /dev/urandom ;;
          summary) printf '%s' "$rest" >"$CARAVAN_SUMMARY" ;;
          long-summary) printf '{"a":"%s"}' "$(head -c "$rest" /dev/zero | tr '\\0' x)" >"$CARAVAN_SUMMARY" ;;
          pipe-summary) mkfifo "$CARAVAN_SUMMARY" ;;
          suicide) kill -s KILL -- "-$PPID" ;;
        esac
      done
      """;

  private final Path directory;

  FakeSubmit(Path directory) throws IOException {
    this.directory = directory;
    Files.writeString(path(), SCRIPT.replace("@DIR@", directory.toString()));
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rwx------"));
  }

  Path path() {
    return directory.resolve("spark-submit");
  }

  /** The argument lists it was started with, oldest first. */
  List<String> starts() throws IOException {
    Path starts = directory.resolve("starts");
    return Files.exists(starts) ? Files.readAllLines(starts) : List.of();
  }
}
