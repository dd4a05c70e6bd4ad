package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code terraform/} against the provider's documentation, and what it grants. */
class TerraformModuleTest {
  private static final String CARAVAN = "serviceAccount:yandex_iam_service_account.caravan.id";
  private static final String CLUSTER = "serviceAccount:yandex_iam_service_account.cluster.id";

  private static TerraformModule module;

  @BeforeAll
  static void read() throws Exception {
    module = TerraformModule.read(Path.of("terraform"));
  }

  @Test
  void usesWhatTheProviderHasAndAllThatItDemands() throws Exception {
    assertThat(module.blocks("resource")).hasSizeGreaterThan(20);
    assertThat(ProviderSchema.read().complaints(module)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resource \"yandex_vpc_netwrok\" \"x\" {} | yandex_vpc_netwrok.x: the provider's schema has no",
        "resource \"yandex_vpc_network\" \"x\" { nmae = \"a\" } | yandex_vpc_network.x has an unknown nmae",
        "resource \"yandex_vpc_subnet\" \"x\" { zone = \"a\" } | yandex_vpc_subnet.x lacks network_id",
        "resource \"yandex_compute_instance\" \"x\" { } | yandex_compute_instance.x lacks boot_disk",
        "data \"yandex_compute_image\" \"x\" { size = 1 } | yandex_compute_image.x has an unknown size",
      })
  void aModuleThatTheProviderWouldRefuseIsRefused(String hcl, String complaint) throws Exception {
    TerraformModule broken = TerraformModule.of(Map.of(Path.of("x.tf"), hcl));
    assertThat(ProviderSchema.read().complaints(broken))
        .anySatisfy(line -> assertThat(line).startsWith(complaint));
  }

  @Test
  void nestedBlocksAreHeldToo() throws Exception {
    String group =
        """
        resource "yandex_vpc_security_group" "x" {
          network_id = "a"
          egress {
            prot = "TCP"
          }
          dynamic "ingress" {
            for_each = [1]
            content {
              protocol = "TCP"
              ports = 2
            }
          }
        }
        """;
    assertThat(ProviderSchema.read().complaints(TerraformModule.of(Map.of(Path.of("x.tf"), group))))
        .containsExactlyInAnyOrder(
            "yandex_vpc_security_group.x.egress lacks protocol",
            "yandex_vpc_security_group.x.egress has an unknown prot",
            "yandex_vpc_security_group.x.ingress has an unknown ports");
  }

  @Test
  void everyReferenceHasItsTargetAndEveryVariableIsUsed() {
    Set<String> variables = found("\\bvar\\.([a-z0-9_]+)");
    assertThat(variables).isEqualTo(new TreeSet<>(module.named("variable").keySet()));
    assertThat(found("\\blocal\\.([a-z0-9_]+)"))
        .isEqualTo(new TreeSet<>(module.named("locals").keySet()));
    Set<String> addresses = new TreeSet<>();
    module.blocks("resource").forEach(block -> addresses.add(block.address()));
    assertThat(addresses).containsAll(found("(?<!data\\.)\\b(yandex_[a-z0-9_]+\\.[a-z0-9_]+)"));
    assertThat(found("\\bdata\\.(yandex_[a-z0-9_]+\\.[a-z0-9_]+)"))
        .containsExactly("yandex_compute_image.vm");
  }

  private static Set<String> found(String pattern) {
    Set<String> found = new TreeSet<>();
    Pattern.compile(pattern)
        .matcher(module.code())
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(found::add);
    return found;
  }

  @Test
  void everyVariableIsDescribedTypedAndChecked() {
    module
        .named("variable")
        .forEach(
            (name, variable) -> {
              Map<String, Object> body = TerraformModule.map(variable);
              assertThat(body).as(name).containsKeys("type", "description");
              // A switch can't be wrong.
              if (!Set.of("with_cluster", "http_egress", "deletion_protection").contains(name)) {
                assertThat(body).as(name).containsKey("validation");
              }
              assertThat(name).doesNotContainPattern("token|password|key_id|credential");
            });
    assertThat(module.named("output").values())
        .allSatisfy(
            output -> assertThat(TerraformModule.map(output)).containsKeys("description", "value"));
  }

  @Test
  void noRoleIsWiderThanItCanBe() {
    List<String> granted =
        module.blocks("resource").stream()
            .filter(block -> block.type().contains("_iam_") && block.body().containsKey("role"))
            .flatMap(
                block ->
                    members(block)
                        .map(
                            member ->
                                String.join(" ", block.type(), target(block), role(block), member)))
            .toList();
    assertThat(granted)
        .containsExactlyInAnyOrder(
            "yandex_resourcemanager_folder_iam_member var.folder_id dataproc.agent " + CLUSTER,
            "yandex_dataproc_cluster_iam_binding yandex_dataproc_cluster.main.id dataproc.editor "
                + CARAVAN,
            "yandex_dataproc_cluster_iam_binding yandex_dataproc_cluster.main.id dataproc.editor "
                + CLUSTER,
            "yandex_storage_bucket_iam_binding yandex_storage_bucket.releases.bucket storage.viewer "
                + CARAVAN,
            "yandex_storage_bucket_iam_binding yandex_storage_bucket.releases.bucket storage.viewer "
                + CLUSTER,
            "yandex_storage_bucket_iam_binding yandex_storage_bucket.data.bucket storage.viewer "
                + CARAVAN,
            "yandex_storage_bucket_iam_binding yandex_storage_bucket.data.bucket storage.editor "
                + CLUSTER,
            "yandex_lockbox_secret_iam_member yandex_lockbox_secret.endpoint.id lockbox.payloadViewer "
                + CARAVAN,
            "yandex_lockbox_secret_iam_member yandex_lockbox_secret.endpoint.id lockbox.payloadViewer "
                + CLUSTER,
            "yandex_lockbox_secret_iam_member yandex_lockbox_secret.s3.id lockbox.payloadViewer "
                + CARAVAN);
    // These set the whole of a role on a folder, or a bucket's access list beside its roles.
    assertThat(module.code()).doesNotContain("folder_iam_binding", "iam_policy", "grant {", "acl ");
  }

  private static Stream<String> members(TerraformModule.Block block) {
    Object members = block.body().getOrDefault("members", block.body().get("member"));
    return members instanceof List<?> list
        ? list.stream().map(String::valueOf)
        : Stream.of(String.valueOf(members));
  }

  private static String role(TerraformModule.Block block) {
    return String.valueOf(block.body().get("role"));
  }

  private static String target(TerraformModule.Block block) {
    return Set.of("folder_id", "cluster_id", "bucket", "secret_id").stream()
        .filter(block.body()::containsKey)
        // The parser's way to write [0].
        .map(key -> String.valueOf(block.body().get(key)).replace(".value.", "."))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theClusterIsLightProtectedAndNotRecreatedByAnUpgrade() {
    Map<String, Object> cluster = module.resource("yandex_dataproc_cluster.main").body();
    assertThat(cluster)
        .containsEntry("environment", "PRODUCTION")
        .containsEntry("ui_proxy", false)
        .hasEntrySatisfying(
            "deletion_protection",
            value -> assertThat(value).hasToString("var.deletion_protection"));
    assertThat(TerraformModule.map(module.named("variable").get("deletion_protection")))
        .containsEntry("default", true);
    Map<String, Object> config = TerraformModule.map(cluster.get("cluster_config"));
    Map<String, Object> hadoop = TerraformModule.map(config.get("hadoop"));
    assertThat(hadoop.get("services")).isEqualTo(List.of("YARN", "SPARK"));
    Map<String, Object> action = TerraformModule.map(hadoop.get("initialization_action"));
    // Names of buckets and secrets alone, and no version: any change of them recreates the cluster.
    assertThat(action.get("uri"))
        .hasToString(
            "s3a://yandex_storage_bucket.releases.bucket/caravan/endpoint/caravan-init.sh");
    assertThat(action.get("args"))
        .hasToString(
            "[s3://yandex_storage_bucket.releases.bucket/caravan, yandex_lockbox_secret.endpoint.id]");
    assertThat(TerraformModule.maps(config.get("subcluster_spec")))
        .extracting(spec -> spec.get("role"))
        .containsExactly("MASTERNODE", "COMPUTENODE");
    assertThat(TerraformModule.maps(config.get("subcluster_spec")))
        .allSatisfy(spec -> assertThat(spec).containsEntry("assign_public_ip", false));
  }

  @Test
  void theNetworkIsAsDataProcessingDemandsAndNothingElseIsOpen() {
    TerraformModule.Block cluster = module.resource("yandex_vpc_security_group.cluster");
    assertThat(cluster.nested("ingress"))
        .extracting(TerraformModuleTest::rule)
        .containsExactly(
            "ANY 0-65535 self_security_group",
            "TCP var.endpoint_port yandex_vpc_security_group.vm.id");
    assertThat(cluster.nested("egress"))
        .extracting(TerraformModuleTest::rule)
        .containsExactly(
            "ANY 0-65535 self_security_group",
            "TCP 443 [0.0.0.0/0]",
            "UDP 123 [0.0.0.0/0]",
            "TCP egress.value [0.0.0.0/0]");
    TerraformModule.Block vm = module.resource("yandex_vpc_security_group.vm");
    assertThat(vm.nested("ingress"))
        .extracting(TerraformModuleTest::rule)
        .containsExactly("TCP ingress.value var.ssh_cidrs");
    assertThat(vm.nested("egress"))
        .extracting(TerraformModuleTest::rule)
        .containsExactly(
            "TCP 443 [0.0.0.0/0]",
            "UDP 123 [0.0.0.0/0]",
            "TCP var.endpoint_port [var.subnet_cidr]");
    assertThat(TerraformModule.map(module.named("variable").get("ssh_cidrs")))
        .containsEntry("default", List.of());
    assertThat(module.resource("yandex_vpc_route_table.nat").nested("static_route"))
        .singleElement()
        .hasToString("{destination_prefix=0.0.0.0/0, gateway_id=yandex_vpc_gateway.nat.id}");
    assertThat(module.resource("yandex_vpc_subnet.main").body().get("route_table_id"))
        .hasToString("yandex_vpc_route_table.nat.id");
  }

  private static String rule(Map<String, Object> rule) {
    String ports =
        rule.containsKey("port")
            ? number(rule.get("port"))
            : number(rule.get("from_port")) + "-" + number(rule.get("to_port"));
    Set<String> targets = new TreeSet<>(rule.keySet());
    targets.retainAll(Set.of("v4_cidr_blocks", "predefined_target", "security_group_id"));
    assertThat(targets).as("targets of %s", rule).hasSize(1);
    return rule.get("protocol") + " " + ports + " " + rule.get(targets.iterator().next());
  }

  private static String number(Object value) {
    return value instanceof Number number
        ? String.valueOf(number.intValue())
        : String.valueOf(value);
  }

  @Test
  void secretsAreMadeInTheCloudAndLogsExpire() {
    assertThat(
            module
                .resource("yandex_lockbox_secret.endpoint")
                .nested("password_payload_specification"))
        .singleElement()
        .satisfies(
            password ->
                assertThat(password)
                    .containsEntry("password_key", "endpoint-token")
                    .containsEntry("include_punctuation", false));
    assertThat(
            module
                .resource("yandex_iam_service_account_static_access_key.s3")
                .nested("output_to_lockbox"))
        .singleElement()
        .satisfies(
            output ->
                assertThat(output)
                    .containsEntry("entry_for_access_key", "access-key-id")
                    .containsEntry("entry_for_secret_key", "secret-access-key"));
    // Terraform's state would hold them.
    assertThat(module.code())
        .doesNotContain(
            "random_password", "secret_version", "text_value", ".secret_key", ".access_key");
    assertThat(module.resource("yandex_storage_bucket.data").nested("lifecycle_rule"))
        .anySatisfy(
            rule ->
                assertThat(rule).containsEntry("prefix", "caravan/logs/").containsKey("expiration"))
        .anySatisfy(rule -> assertThat(rule).containsKey("abort_incomplete_multipart_upload_days"));
  }
}
