package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The VM's user data, as cloud-init reads it. */
@Tag("slow")
class CloudInitTest {
  private static final Path TEMPLATE = Path.of("vm/cloud-init.yaml");
  private static final Path CONF = Path.of("vm/install.conf");

  @TempDir Path directory;
  private FakeYandexCli cloud;
  private List<String> create;

  @BeforeEach
  void prepare() throws Exception {
    cloud = FakeYandexCli.in(directory.resolve("cloud"));
    Path keys =
        Files.writeString(
            directory.resolve("keys.pub"),
            "ssh-ed25519 AAAA one@example.com\nssh-rsa BBBB two & three\n");
    create =
        List.of(
            Path.of("yc/create.sh").toAbsolutePath().toString(),
            "--folder-id",
            "b1g00000000000000000",
            "--release-bucket",
            "my-releases",
            "--data-bucket",
            "my-lake",
            "--ssh-public-keys-file",
            keys.toString());
    ScriptRun.ok(directory, cloud.environment(), create);
  }

  private String userData() throws Exception {
    List<String> words = new ArrayList<>(create);
    words.add("--user-data");
    return ScriptRun.ok(directory, cloud.environment(), words).out();
  }

  private ScriptRun schema(String userData) throws Exception {
    Path file = Files.writeString(directory.resolve("user-data.yaml"), userData);
    return ScriptRun.of(
        directory, Map.of(), List.of("cloud-init", "schema", "--config-file", file.toString()));
  }

  @Test
  void cloudInitAcceptsIt() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/cloud-init")),
        "./caravan test installs it where it may");
    ScriptRun run = schema(userData());
    assertThat(run.exit()).as(run.said()).isZero();
    assertThat(run.out()).contains("Valid");
    // It does look.
    assertThat(schema(userData().replace("package_update: true", "package_update: later")).exit())
        .isNotZero();
    assertThat(schema(userData().replace("runcmd:", "runcmd: 7\nx:")).exit()).isNotZero();
  }

  @Test
  void writesTheInstallerAndItsNamesAndNoSecret() throws Exception {
    JsonNode config = new YAMLMapper().readTree(userData());
    JsonNode files = config.path("write_files");
    assertThat(files.findValuesAsText("path"))
        .containsExactly(
            "/etc/caravan/install.conf",
            "/usr/local/sbin/caravan-install",
            "/etc/systemd/journald.conf.d/size.conf");
    assertThat(decoded(files.get(1))).isEqualTo(Files.readString(Path.of("vm/caravan-install")));
    assertThat(decoded(files.get(0)))
        .endsWith(
            """
            releases=s3://my-releases/caravan
            data=s3://my-lake
            cluster-id=id-of-dataproc-cluster-caravan
            endpoint-port=8998
            endpoint-secret=id-of-lockbox-secret-caravan-endpoint
            s3-secret=id-of-lockbox-secret-caravan-s3
            """);
    assertThat(config.path("runcmd").get(1)).hasToString("[\"/usr/local/sbin/caravan-install\"]");
    assertThat(config.path("users").get(0).path("ssh_authorized_keys").get(1).asText())
        .isEqualTo("ssh-rsa BBBB two & three");
    assertThat(config.path("ssh_pwauth").asBoolean(true)).isFalse();
    // The VM's group lets it out on port 443 alone.
    assertThat(config.path("apt").findValuesAsText("uri"))
        .hasSize(2)
        .allMatch(uri -> uri.startsWith("https://"));
    assertThat(config.path("packages").toString()).contains("openjdk-17-jre-headless", "curl");
  }

  private static String decoded(JsonNode file) {
    assertThat(file.path("encoding").asText()).isEqualTo("b64");
    return new String(
        Base64.getDecoder().decode(file.path("content").asText()), StandardCharsets.UTF_8);
  }

  @Test
  void terraformFillsInWhatTheTemplatesAskFor() throws Exception {
    String vm = TerraformModule.read(Path.of("terraform")).texts().get(Path.of("vm.tf"));
    assertThat(arguments(vm, "cloud-init.yaml")).isEqualTo(placeholders(TEMPLATE));
    assertThat(arguments(vm, "install.conf")).isEqualTo(placeholders(CONF));
  }

  /** The names that a call of templatefile gives values to. */
  private static Set<String> arguments(String hcl, String template) {
    var call =
        Pattern.compile(
                "templatefile\\(\"\\$\\{local\\.vm_files}/" + template + "\", \\{(.*?)\\n *}\\)",
                Pattern.DOTALL)
            .matcher(hcl);
    assertThat(call.find()).as("a call with %s", template).isTrue();
    Set<String> names = new TreeSet<>();
    Pattern.compile("(?m)^ *([a-z0-9_]+) *=")
        .matcher(call.group(1))
        .results()
        .forEach(match -> names.add(match.group(1)));
    return names;
  }

  private static Set<String> placeholders(Path template) throws Exception {
    Set<String> names = new TreeSet<>();
    Pattern.compile("\\$\\{([^}]*)}")
        .matcher(Files.readString(template))
        .results()
        .forEach(match -> names.add(match.group(1)));
    assertThat(names).isNotEmpty();
    return names;
  }
}
