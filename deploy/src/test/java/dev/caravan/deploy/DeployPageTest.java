package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/deploy.md: what it names exists, and what it says to call works. */
class DeployPageTest {
  private static final Path PAGE = Path.of("../docs/deploy.md");

  private static String page;
  @TempDir Path directory;

  @BeforeAll
  static void read() throws Exception {
    page = Files.readString(PAGE);
  }

  @Test
  void variablesThatItSetsExist() throws Exception {
    Set<String> named =
        found("-var ([a-z_]+)=|`(with_cluster|[a-z]+_[a-z_]+)`|^([a-z_]+) +=|`([a-z_]+) = ");
    assertThat(named)
        .contains("with_cluster", "ssh_cidrs", "vm", "http_egress", "deletion_protection");
    TerraformModule module = TerraformModule.read(Path.of("terraform"));
    Set<String> known = new TreeSet<>(module.named("variable").keySet());
    // Of the variables master and compute; of the container's file.
    known.addAll(Set.of("disk_type", "stop_grace_period"));
    assertThat(known).containsAll(named);
    // The example needs no more than these, and has all that have no default.
    Set<String> required = new TreeSet<>();
    module
        .named("variable")
        .forEach(
            (name, body) -> {
              if (!TerraformModule.map(body).containsKey("default")) {
                required.add(name);
              }
            });
    Set<String> example = new TreeSet<>();
    Pattern.compile("(?m)^([a-z_]+) *=")
        .matcher(Files.readString(Path.of("terraform/terraform.tfvars.example")))
        .results()
        .forEach(match -> example.add(match.group(1)));
    assertThat(example).isEqualTo(required);
  }

  private static Set<String> found(String pattern) {
    Set<String> found = new TreeSet<>();
    Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(page)
        .results()
        .forEach(
            match -> {
              for (int group = 1; group <= match.groupCount(); group++) {
                if (match.group(group) != null) {
                  found.add(match.group(group));
                }
              }
            });
    return found;
  }

  /** The lines of the first block of shell commands below a heading. */
  private static String block(String heading) {
    int begin = page.indexOf("```sh\n", page.indexOf("\n## " + heading + "\n")) + 6;
    return page.substring(begin, page.indexOf("```", begin));
  }

  @Test
  @Tag("slow")
  void whatItSaysToCallWithYcMakesAllOfIt() throws Exception {
    FakeYandexCli cloud = FakeYandexCli.in(directory.resolve("cloud"));
    PackedRelease.into(directory.resolve("target/release"), "1.2.0");
    Files.writeString(directory.resolve("jre-17.tar.gz"), "a runtime");
    Path ssh = Files.createDirectories(directory.resolve(".ssh"));
    Files.writeString(ssh.resolve("id_ed25519.pub"), "ssh-ed25519 AAAA you@example.com\n");
    Map<String, String> environment = new HashMap<>(cloud.environment());
    environment.put("HOME", directory.toString());

    String commands =
        (block("With yc") + deletion())
            .replaceAll("(?m)^deploy/", Path.of(".").toRealPath() + "/")
            .replace("FOLDER-ID", "b1g00000000000000000")
            .replace("YOUR-RELEASE-BUCKET", "my-releases")
            .replace("YOUR-DATA-BUCKET", "my-lake");
    // ReleaseIT packages.
    assertThat(commands).contains("./caravan package\n");
    Path script =
        Files.writeString(
            directory.resolve("page.sh"), commands.replace("./caravan package\n", ""));
    ScriptRun run = ScriptRun.ok(directory, environment, List.of("bash", "-eu", script.toString()));
    assertThat(run.out()).contains("yc compute instance delete caravan");
    List<String> called = cloud.commands();
    assertThat(called)
        .anyMatch(line -> line.startsWith("compute\tinstance\tcreate"))
        .anyMatch(line -> line.endsWith("\ts3://my-releases/caravan/server/version"))
        .anyMatch(line -> line.startsWith("vpc\tnetwork\tdelete"));
  }

  private static String deletion() {
    String section = page.substring(page.indexOf("\n## Tear down\n"));
    section = section.substring(0, section.indexOf("\n## In containers\n"));
    int begin = section.lastIndexOf("```sh\n") + 6;
    return section.substring(begin, section.indexOf("```", begin));
  }

  @Test
  void itsFiguresFollowFromItsPrices() {
    double hour = 3 * (4 * (1.24 + 0.12) + 16 * 0.33);
    double month = 720 * 0.0199;
    assertThat(page)
        .contains(
            "%.2f an hour, 30 hours | %.0f |".formatted(hour, 30 * hour),
            "3 × 20 GB `network-ssd` | %.0f |".formatted(60 * month),
            "about %.0f |".formatted(60 * month / 4),
            "below %,.0f |".formatted(720 * (2 * 1.24 + 2 * 0.33)),
            "15 GB `network-ssd` | %.0f |".formatted(15 * month),
            "`price.hour` is %.2f".formatted(hour),
            "= %.2f, the NAT".formatted((60 * month + 289) / 720));
  }
}
