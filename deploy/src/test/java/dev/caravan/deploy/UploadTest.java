package dev.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code upload.sh}: where the cluster's master and Caravan's VM look for a release. */
@Tag("slow")
class UploadTest {
  private static final String PREFIX = "s3://my-releases/caravan";

  @TempDir Path directory;
  private FakeYandexCli cloud;
  private Path releases;

  @BeforeEach
  void prepare() throws Exception {
    cloud = FakeYandexCli.in(directory.resolve("cloud"));
    releases = directory.resolve("releases");
    PackedRelease.into(releases, "1.2.0");
  }

  private ScriptRun upload(String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of(Path.of("upload.sh").toAbsolutePath().toString()));
    words.addAll(List.of(options));
    words.addAll(List.of(releases.toString(), PREFIX));
    return ScriptRun.of(directory, cloud.environment(), words);
  }

  @Test
  void putsEverythingAndNamesTheVersionsLast() throws Exception {
    Path jre = Files.writeString(directory.resolve("jre.tar.gz"), "a runtime");
    ScriptRun run = upload("--jre", jre.toString());
    assertThat(run.exit()).as(run.said()).isZero();
    assertThat(cloud.commands())
        .extracting(line -> line.substring(line.lastIndexOf('\t') + 1))
        .containsExactly(
            PREFIX + "/endpoint/jre-17.tar.gz.sha256",
            PREFIX + "/endpoint/jre-17.tar.gz",
            PREFIX + "/server/caravan-1.2.0.tar.gz.sha256",
            PREFIX + "/server/caravan-1.2.0.tar.gz",
            PREFIX + "/endpoint/caravan-endpoint-1.2.0.tar.gz.sha256",
            PREFIX + "/endpoint/caravan-endpoint-1.2.0.tar.gz",
            PREFIX + "/jars/caravan-spark-jobs.jar",
            PREFIX + "/endpoint/caravan-init.sh",
            PREFIX + "/endpoint/version",
            PREFIX + "/server/version");
    Map<String, String> contents = cloud.contents();
    String at = "s3/my-releases/caravan/";
    assertThat(contents)
        .containsEntry(at + "server/version", "1.2.0\n")
        .containsEntry(at + "endpoint/version", "1.2.0\n")
        .containsEntry(at + "jars/caravan-spark-jobs.jar", "jobs of 1.2.0")
        .containsEntry(at + "endpoint/caravan-init.sh", "#!/bin/sh\n# setup\n");
    Path server = cloud.state().resolve(at + "server");
    ScriptRun.ok(server, Map.of(), List.of("sha256sum", "-c", "caravan-1.2.0.tar.gz.sha256"));
    ScriptRun.ok(
        server.resolveSibling("endpoint"),
        Map.of(),
        List.of("sha256sum", "-c", "caravan-endpoint-1.2.0.tar.gz.sha256", "jre-17.tar.gz.sha256"));
    assertThat(directory.resolve("cloud/tmp")).isEmptyDirectory();
  }

  @Test
  void aDryRunCallsNothing() throws Exception {
    ScriptRun run = upload("--dry-run");
    assertThat(run.exit()).as(run.said()).isZero();
    assertThat(run.out().lines()).hasSize(8).allMatch(line -> line.startsWith("yc storage s3 cp "));
    assertThat(cloud.commands()).isEmpty();
  }

  @Test
  void whatIsNoReleaseIsRefusedAndNothingIsNamed() throws Exception {
    Path checksum = releases.resolve("caravan-1.2.0.tar.gz.sha256");
    Files.writeString(checksum, "0".repeat(64) + "  caravan-1.2.0.tar.gz\n");
    refused("is not what");
    Files.delete(checksum);

    PackedRelease.into(releases, "1.3.0");
    refused("must hold one caravan-VERSION.tar.gz, but holds 2");
    Files.delete(releases.resolve("caravan-1.2.0.tar.gz"));
    Files.delete(releases.resolve("caravan-endpoint-1.3.0.tar.gz"));
    refused("holds two versions: 1.3.0, and 1.2.0 of the endpoint");
    Files.writeString(releases.resolve("caravan-1.3.0.tar.gz"), "no archive");
    Files.move(
        releases.resolve("caravan-endpoint-1.2.0.tar.gz"),
        releases.resolve("caravan-endpoint-1.3.0.tar.gz"));
    refused("has no caravan-1.3.0/jobs/caravan-spark-jobs.jar: it is no release");
  }

  private void refused(String sentence) throws Exception {
    ScriptRun run = upload();
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("upload.sh: ", sentence);
    assertThat(cloud.commands()).noneMatch(line -> line.endsWith("/version"));
  }

  @Test
  void aVersionIsNotNamedIfItsReleaseCouldNotBePut() throws Exception {
    ScriptRun run =
        ScriptRun.of(
            directory,
            cloud.environment("storage s3 cp"),
            List.of(Path.of("upload.sh").toAbsolutePath().toString(), releases.toString(), PREFIX));
    assertThat(run.exit()).isNotZero();
    assertThat(cloud.commands()).hasSize(1);
  }
}
