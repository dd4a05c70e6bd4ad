package dev.caravan.processors.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** How this process is named to others that share its journal. */
final class OwnProcess {
  private OwnProcess() {}

  /** {@code host/pid/chance}; a pid alone comes again. */
  static String name() {
    return host()
        + "/"
        + ProcessHandle.current().pid()
        + "/"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  /** Not by the resolver, which may hang where there is no network. */
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "host";
    }
  }
}
