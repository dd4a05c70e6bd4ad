package dev.caravan.deploy;

import dev.caravan.cloud.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Debian of its own in a directory, as debootstrap makes it from this machine's mirror. Programs
 * run in it with their own mounts, host name and process numbers, so nothing stays mounted or
 * running behind them; the network is this machine's.
 */
final class DebianRoot {
  private static final Duration MAKE = Duration.ofMinutes(10);
  private static final Duration COPY = Duration.ofMinutes(2);
  private static final Duration RUN = Duration.ofMinutes(5);
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Where files may be written anew as they were; elsewhere nobody has a reason to. */
  private static final Pattern OURS = Pattern.compile("^/(etc|opt|root|var/lib)/");

  /** What the image of a cluster has, too: it boots with systemd, and the scripts use curl. */
  private static final String PACKAGES = "systemd,curl";

  private final Path directory;
  private String host = "localhost";

  private DebianRoot(Path directory) {
    this.directory = directory;
  }

  /**
   * Unpacks one into an empty directory. The first time it is made, which takes a minute and the
   * network; {@code target} keeps it.
   */
  static DebianRoot unpack(Path target, Path directory) throws IOException, InterruptedException {
    String suite = osRelease().getOrDefault("VERSION_CODENAME", "bookworm");
    Path kept = target.resolve("debian-" + suite + "-" + PACKAGES.replace(',', '-') + ".tar");
    if (!Files.exists(kept)) {
      make(suite, directory, kept);
    }
    Finished.ofMachine(
        COPY, "tar", "-xpf", kept.toString(), "--numeric-owner", "-C", directory.toString());
    return new DebianRoot(directory);
  }

  private static void make(String suite, Path scratch, Path kept)
      throws IOException, InterruptedException {
    Path made = scratch.resolve("made");
    Finished.ofMachine(
        MAKE,
        "debootstrap",
        "--variant=minbase",
        "--include=" + PACKAGES,
        suite,
        made.toString(),
        mirror(suite));
    DebianRoot root = new DebianRoot(made);
    Files.writeString(
        made.resolve("etc/apt/sources.list"), "deb " + mirror(suite) + " " + suite + " main\n");
    // A package for a mirror of the root's own, so that no test needs the network again.
    Files.createDirectories(made.resolve("srv/mirror"));
    root.mustRun("apt-get", "update");
    root.mustRun(
        "sh",
        "-c",
        "cd /srv/mirror && apt-get -o APT::Sandbox::User=root download openjdk-17-jre-headless");
    root.mustRun("apt-get", "clean");
    Path part = kept.resolveSibling(kept.getFileName() + ".part");
    Finished.ofMachine(
        COPY, "tar", "-cpf", part.toString(), "--numeric-owner", "-C", made.toString(), ".");
    Files.move(part, kept, StandardCopyOption.REPLACE_EXISTING);
    Finished.ofMachine(COPY, "rm", "-rf", made.toString());
  }

  /** That of this machine's own packages, whichever way it is configured. */
  private static String mirror(String suite) throws IOException, InterruptedException {
    String sites =
        Finished.ofMachine(
            COPY,
            "apt-get",
            "indextargets",
            "--format",
            "$(SITE) $(CODENAME) $(COMPONENT)",
            "Identifier: Packages");
    return sites
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> words.length == 3 && words[1].equals(suite) && words[2].equals("main"))
        .map(words -> words[0])
        .findFirst()
        .orElse("http://deb.debian.org/debian");
  }

  private static Map<String, String> osRelease() throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
      }
    }
    return values;
  }

  /** A file of it, by its path there. */
  Path file(String path) {
    return directory.resolve(path.substring(1));
  }

  /** From now on it has this name, which resolves within it. */
  void rename(String name) throws IOException {
    host = name;
    Files.writeString(file("/etc/hosts"), "127.0.0.1 localhost\n127.0.0.1 " + name + "\n");
  }

  /** Runs a program in it as root. */
  Finished run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return Finished.of(RUN, environment(environment), command(words));
  }

  String mustRun(String... words) throws IOException, InterruptedException {
    Finished finished = Finished.of(MAKE, environment(Map.of()), command(words));
    if (finished.code() != 0) {
      throw new IllegalStateException(List.of(words) + " failed: " + finished);
    }
    return finished.said();
  }

  /** Starts a program in it that stays; all that it starts ends with it. */
  ChildProcess start(Path log, String... words) throws IOException {
    return ChildProcess.start(words[0], command(words), environment(Map.of()), log);
  }

  private static Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("PATH", PATH);
    environment.put("HOME", "/root");
    environment.put("DEBIAN_FRONTEND", "noninteractive");
    return environment;
  }

  private List<String> command(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/unshare",
                "--mount",
                "--uts",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc=" + directory.resolve("proc"),
                "/usr/sbin/chroot",
                directory.toString(),
                "/bin/sh",
                "-c",
                "hostname \"$0\" && exec \"$@\"",
                host));
    command.addAll(List.of(words));
    return command;
  }

  /** All files, with what could change of them: kind and rights, owner, link or content. */
  Map<String, String> listing() throws IOException {
    Map<String, String> listing = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        String name = "/" + directory.relativize(path);
        if (!name.startsWith("/proc/") && !name.startsWith("/var/log/")) {
          listing.put(name, describe(path, OURS.matcher(name).find()));
        }
      }
    }
    return listing;
  }

  private static String describe(Path path, boolean byContent) throws IOException {
    Map<String, Object> unix =
        Files.readAttributes(
            path, "unix:mode,uid,gid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    String what = unix.get("mode") + " " + unix.get("uid") + ":" + unix.get("gid") + " ";
    if (Files.isSymbolicLink(path)) {
      return what + "-> " + Files.readSymbolicLink(path);
    }
    if (!Files.isRegularFile(path)) {
      return what;
    }
    return what
        + (byContent
            ? Digests.sha256(path)
            : unix.get("size") + " " + unix.get("lastModifiedTime"));
  }
}
