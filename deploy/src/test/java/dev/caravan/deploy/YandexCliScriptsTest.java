package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code yc/create.sh} and {@code yc/delete.sh} against a yc that refuses what the real one has
 * not.
 */
@Tag("slow")
class YandexCliScriptsTest {
  private static final String FOLDER = "b1g00000000000000000";

  /** What create.sh leaves, beside roles and what it has handed over. */
  private static final List<String> ALL =
      List.of(
          "compute-instance.caravan",
          "dataproc-cluster.caravan",
          "iam-service-account.caravan",
          "iam-service-account.caravan-cluster",
          "lockbox-secret.caravan-endpoint",
          "lockbox-secret.caravan-s3",
          "storage-bucket.my-lake",
          "storage-bucket.my-releases",
          "vpc-gateway.caravan-nat",
          "vpc-network.caravan",
          "vpc-route-table.caravan-nat",
          "vpc-security-group.caravan-cluster",
          "vpc-security-group.caravan-vm",
          "vpc-subnet.caravan");

  @TempDir Path directory;
  private FakeYandexCli cloud;
  private Path keys;

  @BeforeEach
  void prepare() throws Exception {
    cloud = FakeYandexCli.in(directory.resolve("cloud"));
    // A name that a shell would take apart.
    keys =
        Files.writeString(
            directory.resolve("it's my $key.pub"), "ssh-ed25519 AAAAC3Nz you@example.com\n");
  }

  private List<String> create(String... more) {
    List<String> words = new ArrayList<>();
    words.add(Path.of("yc/create.sh").toAbsolutePath().toString());
    words.addAll(List.of("--folder-id", FOLDER, "--release-bucket", "my-releases"));
    words.addAll(List.of("--data-bucket", "my-lake", "--ssh-public-keys-file", keys.toString()));
    words.addAll(List.of(more));
    return words;
  }

  private ScriptRun created(String... more) throws Exception {
    return ScriptRun.ok(directory, cloud.environment(), create(more));
  }

  /** Names of what exists, without roles, payloads and the like. */
  private List<String> resources() throws Exception {
    return cloud.contents().entrySet().stream()
        .filter(entry -> entry.getValue().equals("created\n"))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void createsEverythingOnceAndNothingTheSecondTime() throws Exception {
    created();
    assertThat(resources()).containsExactlyElementsOf(ALL);
    Map<String, String> after = cloud.contents();
    assertThat(cloud.changes()).hasSizeGreaterThan(ALL.size());

    created();
    // Access lists and lifecycle rules are set as a whole.
    assertThat(cloud.changes())
        .allMatch(line -> line.startsWith("storage\tbucket\tupdate\t"))
        .hasSize(3);
    assertThat(cloud.contents()).isEqualTo(after);
    assertThat(directory.resolve("cloud/tmp")).isEmptyDirectory();
  }

  @Test
  void bindsNoRoleWiderThanItCan() throws Exception {
    created();
    String caravan = " id-of-iam-service-account-caravan\n";
    String cluster = " id-of-iam-service-account-caravan-cluster\n";
    Map<String, String> roles = new TreeMap<>(cloud.contents());
    roles.keySet().removeIf(name -> !name.endsWith(".roles"));
    assertThat(roles)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "resource-manager-folder." + FOLDER + ".roles",
                "dataproc.agent" + cluster,
                "dataproc-cluster.caravan.roles",
                "dataproc.editor" + caravan + "dataproc.editor" + cluster,
                "lockbox-secret.caravan-endpoint.roles",
                "lockbox.payloadViewer" + caravan + "lockbox.payloadViewer" + cluster,
                "lockbox-secret.caravan-s3.roles",
                "lockbox.payloadViewer" + caravan));
    String grant = "grant-type=grant-type-account,grantee-id=id-of-iam-service-account-";
    assertThat(cloud.changes())
        .contains(
            String.join(
                "\t",
                "storage",
                "bucket",
                "update",
                "--name",
                "my-releases",
                "--grants",
                grant + "caravan,permission=permission-read",
                "--grants",
                grant + "caravan-cluster,permission=permission-read",
                "--folder-id",
                FOLDER),
            String.join(
                "\t",
                "storage",
                "bucket",
                "update",
                "--name",
                "my-lake",
                "--grants",
                grant + "caravan,permission=permission-read",
                "--grants",
                grant + "caravan-cluster,permission=permission-read",
                "--grants",
                grant + "caravan-cluster,permission=permission-write",
                "--folder-id",
                FOLDER));
  }

  @Test
  void opensNothingButTheEndpointForTheVm() throws Exception {
    created("--ssh-cidr", "203.0.113.7/32", "--endpoint-port", "9000");
    assertThat(cloud.commands())
        .filteredOn(line -> line.startsWith("vpc\tsecurity-group\tcreate"))
        .flatExtracting(
            line ->
                Stream.of(line.split("\t"))
                    .filter(word -> word.startsWith("direction=ingress"))
                    .toList())
        .containsExactlyInAnyOrder(
            "direction=ingress,protocol=tcp,port=22,v4-cidrs=[203.0.113.7/32]",
            "direction=ingress,protocol=any,from-port=0,to-port=65535,predefined=self_security_group",
            "direction=ingress,protocol=tcp,port=9000,security-group-id=id-of-vpc-security-group-caravan-vm");
  }

  @Test
  void theClustersScriptAndItsArgumentsNameNoVersion() throws Exception {
    created();
    assertThat(cloud.commands())
        .filteredOn(line -> line.startsWith("dataproc\tcluster\tcreate"))
        .singleElement()
        .asString()
        .contains(
            "\turi=s3a://my-releases/caravan/endpoint/caravan-init.sh,args=[s3://my-releases/caravan,"
                + "id-of-lockbox-secret-caravan-endpoint],timeout=900\t",
            "\t--environment\tproduction\t",
            "\t--deletion-protection\t",
            "\t--services\tyarn,spark\t");
  }

  @Test
  void bothWaysLetTheSameObjectsExpire() throws Exception {
    Set<String> here = new TreeSet<>();
    for (JsonNode rule :
        new ObjectMapper().readTree(Path.of("yc/lifecycle.json").toFile()).path("lifecycleRules")) {
      here.add(rule.path("id").asText() + " " + rule.at("/filter/prefix").asText());
    }
    Set<String> there = new TreeSet<>();
    for (Map<String, Object> rule :
        TerraformModule.read(Path.of("terraform"))
            .resource("yandex_storage_bucket.data")
            .nested("lifecycle_rule")) {
      there.add(rule.get("id") + " " + rule.get("prefix"));
    }
    assertThat(here).isEqualTo(there).hasSize(3);
  }

  @Test
  void noCommandLineHasASecret() throws Exception {
    created();
    var json = new ObjectMapper();
    String token =
        json.readTree(cloud.contents().get("payload.caravan-endpoint"))
            .get(0)
            .get("text_value")
            .asText();
    assertThat(token).matches("[0-9a-f]{64}");
    assertThat(
            json.readTree(cloud.contents().get("payload.caravan-s3"))
                .get(1)
                .get("text_value")
                .asText())
        .isEqualTo("the-secret");
    assertThat(cloud.commands())
        .noneMatch(line -> line.contains(token) || line.contains("the-secret"));
    assertThat(cloud.contents().get("user-data.caravan")).doesNotContain(token, "the-secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vpc gateway create",
        "vpc security-group list",
        "iam service-account get",
        "storage bucket update",
        "iam access-key create",
        "lockbox secret create",
        "lockbox secret list-access-bindings",
        "dataproc cluster create",
        "dataproc cluster add-access-binding",
        "compute instance create"
      })
  void goesOnWhereItHasFailed(String failing) throws Exception {
    ScriptRun failed = ScriptRun.of(directory, cloud.environment(failing), create());
    assertThat(failed.exit()).isNotZero();
    assertThat(failed.err()).contains("code = Unavailable").doesNotContain("Everything stands");
    assertThat(resources()).doesNotContain("compute-instance.caravan");

    created();
    assertThat(resources()).containsExactlyElementsOf(ALL);
    assertThat(cloud.contents().get("payload.caravan-s3")).contains("the-key-id", "the-secret");
    assertThat(cloud.contents().get("lockbox-secret.caravan-endpoint.roles")).hasLineCount(2);
  }

  @Test
  void theBaseEndsBeforeClusterAndVm() throws Exception {
    assertThat(created("--base").err()).contains("Next: deploy/upload.sh");
    assertThat(resources())
        .containsExactlyElementsOf(
            ALL.stream()
                .filter(name -> !name.startsWith("compute-") && !name.startsWith("dataproc-"))
                .toList());
    created();
    assertThat(resources()).containsExactlyElementsOf(ALL);
  }

  @Test
  void aDryRunCallsNothingAndWhatItPrintsDoesTheSame() throws Exception {
    ScriptRun dry = created("--dry-run");
    assertThat(cloud.commands()).isEmpty();
    assertThat(resources()).isEmpty();

    Path pasted = Files.writeString(directory.resolve("pasted.sh"), dry.out());
    ScriptRun.ok(directory, cloud.environment(), List.of("bash", "-eu", pasted.toString()));
    List<String> fromPasted = withoutFiles(cloud.changes());
    Map<String, String> contents = cloud.contents();

    cloud = FakeYandexCli.in(directory.resolve("another"));
    created();
    // The two ends of a pipe may begin in either order.
    assertThat(withoutFiles(cloud.changes())).containsExactlyInAnyOrderElementsOf(fromPasted);
    assertThat(cloud.contents().keySet()).isEqualTo(contents.keySet());
    assertThat(cloud.contents().get("user-data.caravan"))
        .isEqualTo(contents.get("user-data.caravan"));
  }

  private static List<String> withoutFiles(List<String> commands) {
    return commands.stream()
        .map(line -> line.replaceAll("user-data=\\S+", "user-data=FILE"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--folder-id x | --folder-id must be an id of 20 lower-case letters and digits, but is 'x'",
        "--data-bucket my-releases | --data-bucket must not be --release-bucket: jobs could then replace the endpoint",
        "--zone us-east-1 | --zone must be one of the region ru-central1, but is 'us-east-1'",
        "--disk-size 10 | --disk-size must be a number of GB, 20 or more, but is '10'",
        "--ssh-cidr 0.0.0.0/0 | --ssh-cidr must not be the whole internet",
        "--endpoint-port 80 | --endpoint-port must be a port from 1025 to 65535, but is '80'",
        "--hosts 0 | --hosts must be a number, 1 or more, but is '0'",
        "--name A;b | --name must have 3 to 32 lower-case letters, digits and hyphens, but is 'A;b'",
        "--ssh-public-keys-file /dev/null | /dev/null must have a public SSH key on each line",
        "--subnett x | unknown option '--subnett' (--help lists them)",
        "--zone | --zone needs a value"
      })
  void aWrongOptionIsRefusedInOneSentence(String options, String sentence) throws Exception {
    ScriptRun run = ScriptRun.of(directory, cloud.environment(), create(options.split(" ")));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("create.sh: " + sentence).hasLineCount(1);
    assertThat(cloud.commands()).isEmpty();
  }

  @Test
  void aPrivateKeyIsNoPublicOne() throws Exception {
    Files.writeString(keys, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    ScriptRun run = ScriptRun.of(directory, cloud.environment(), create());
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("must have a public SSH key on each line");
  }

  @Test
  void deletesAllButTheBuckets() throws Exception {
    created();
    String delete = Path.of("yc/delete.sh").toAbsolutePath().toString();
    cloud.commands();

    ScriptRun careless =
        ScriptRun.of(directory, cloud.environment(), List.of(delete, "--folder-id", FOLDER));
    assertThat(careless.exit()).isEqualTo(2);
    assertThat(careless.err()).contains("add --dry-run to see the commands, or --yes to call them");
    ScriptRun dry =
        ScriptRun.ok(
            directory, cloud.environment(), List.of(delete, "--folder-id", FOLDER, "--dry-run"));
    assertThat(cloud.commands()).isEmpty();
    assertThat(dry.out()).contains("yc dataproc cluster delete caravan --folder-id " + FOLDER);

    List<String> yes = List.of(delete, "--folder-id", FOLDER, "--yes");
    ScriptRun.ok(directory, cloud.environment(), yes);
    assertThat(resources()).containsExactly("storage-bucket.my-lake", "storage-bucket.my-releases");
    assertThat(Set.copyOf(cloud.changes())).hasSize(dry.out().split("\n").length);
    ScriptRun.ok(directory, cloud.environment(), yes);
    assertThat(cloud.changes()).isEmpty();
  }
}
