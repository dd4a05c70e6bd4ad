package dev.caravan.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A {@code yc} on a PATH, which knows the commands and flags of the real one, and no cloud. */
record FakeYandexCli(Path directory) {
  static FakeYandexCli in(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("state"));
    Files.createDirectories(directory.resolve("bin"));
    Files.createDirectories(directory.resolve("tmp"));
    copy("yc", directory.resolve("bin/yc"));
    copy("yc-commands.txt", directory.resolve("yc-commands.txt"));
    Files.setPosixFilePermissions(
        directory.resolve("bin/yc"), PosixFilePermissions.fromString("rwxr-xr-x"));
    return new FakeYandexCli(directory);
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream resource = FakeYandexCli.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(resource, name), to);
    }
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("TMPDIR", directory.resolve("tmp").toString());
    environment.put("FAKE_YC_STATE", state().toString());
    environment.put("FAKE_YC_COMMANDS", directory.resolve("yc-commands.txt").toString());
    return environment;
  }

  /** With a command, of three words, that fails as a network does. */
  Map<String, String> environment(String failing) {
    Map<String, String> environment = environment();
    environment.put("FAKE_YC_FAIL", failing);
    return environment;
  }

  Path state() {
    return directory.resolve("state");
  }

  /** What was called since the last time, a line a command. */
  List<String> commands() throws IOException {
    Path commands = state().resolve("commands");
    if (!Files.exists(commands)) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(commands);
    Files.delete(commands);
    return lines;
  }

  /** The commands that change something. */
  List<String> changes() throws IOException {
    return commands().stream()
        .filter(line -> !line.matches("\\S+\t\\S+\t(list|get|list-access-bindings)\t.*"))
        .toList();
  }

  /** All that there is in the cloud, by name, but for archives: what a file says. */
  Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(state())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("commands") && !file.toString().endsWith(".tar.gz")) {
          contents.put(state().relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }
}
