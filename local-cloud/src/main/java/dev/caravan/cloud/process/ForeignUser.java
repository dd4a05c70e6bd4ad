package dev.caravan.cloud.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A user without an entry in /etc/passwd, hence without a name and a home directory, as a container
 * often runs its programs. Only root can start a process as another user.
 */
public final class ForeignUser {
  private static final int ID = 54321;

  private ForeignUser() {}

  /** Whether processes can be started as this user, and may read that file. */
  public static boolean canRead(Path file) throws IOException, InterruptedException {
    List<String> command = command(List.of("test", "-r", file.toAbsolutePath().toString()));
    if (!Files.isExecutable(Path.of(command.get(0)))) {
      return false;
    }
    Process test =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return test.waitFor(10, TimeUnit.SECONDS) && test.exitValue() == 0;
  }

  /** The words that run a command as this user. */
  public static List<String> command(List<String> words) {
    String id = Integer.toString(ID);
    List<String> command =
        new ArrayList<>(
            List.of("/usr/bin/setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
    command.addAll(words);
    return command;
  }

  /** Gives a directory to this user, with all that is in it. */
  public static void own(Path directory) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(directory)) {
      entries = walk.toList();
    }
    for (Path entry : entries) {
      Files.setAttribute(entry, "unix:uid", ID, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(entry, "unix:gid", ID, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
