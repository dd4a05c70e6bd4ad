package dev.caravan.cloud.demo;

import dev.caravan.cloud.process.BuildOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * What is run on the local cloud, each at the place where the build puts it unless an option says
 * otherwise.
 */
public final class Artifacts {

  @Option(
      names = "--orchestrator-jar",
      paramLabel = "FILE",
      description = "default: routes/target/caravan.jar")
  public Path orchestratorJar;

  @Option(
      names = "--endpoint-jar",
      paramLabel = "FILE",
      description = "default: cluster-endpoint/target/caravan-cluster-endpoint.jar")
  public Path endpointJar;

  @Option(
      names = "--jobs-jar",
      paramLabel = "FILE",
      description = "default: spark-jobs/target/caravan-spark-jobs.jar")
  public Path jobsJar;

  @Option(
      names = "--spark-home",
      paramLabel = "DIR",
      description = "default: local-cloud/spark-home/target/spark-home")
  public Path sparkHome;

  @Option(
      names = "--s3-home",
      paramLabel = "DIR",
      description = "default: local-cloud/s3/target/s3")
  public Path s3Home;

  /** The shipped one. */
  Path pipeline;

  private final List<String> missing = new ArrayList<>();

  /**
   * Fills in the defaults and looks whether everything is there.
   *
   * @return a sentence for each thing that is missing: which, and how to build it
   */
  public List<String> settle() {
    Path checkout = checkout();
    orchestratorJar = settle(orchestratorJar, checkout, "routes", "routes/target/caravan.jar", "");
    endpointJar =
        settle(
            endpointJar,
            checkout,
            "cluster-endpoint",
            "cluster-endpoint/target/caravan-cluster-endpoint.jar",
            "");
    jobsJar =
        settle(jobsJar, checkout, "spark-jobs", "spark-jobs/target/caravan-spark-jobs.jar", "");
    sparkHome =
        settle(
            sparkHome,
            checkout,
            "local-cloud/spark-home",
            "local-cloud/spark-home/target/spark-home",
            "bin/spark-submit");
    pipeline = settle(null, checkout, "routes", "pipelines/datamarts.yaml", "");
    s3Home = settle(s3Home, checkout, "local-cloud/s3", "local-cloud/s3/target/s3", "lib");
    return missing;
  }

  /** The script {@code caravan}; it need not be there. */
  Path launcher() {
    return checkout().resolve("caravan");
  }

  private Path settle(Path given, Path checkout, String module, String standard, String within) {
    Path path = (given == null ? checkout.resolve(standard) : given).toAbsolutePath().normalize();
    if (!Files.exists(path.resolve(within))) {
      missing.add(
          "%s is missing; build it: (cd %s && ./mvnw -q -ntp -DskipTests -pl %s -am package)"
              .formatted(path.resolve(within), checkout, module));
    }
    return path;
  }

  /** The checkout that this class was built in; the current directory if it was moved elsewhere. */
  private static Path checkout() {
    for (Path above = BuildOutput.code(); above != null; above = above.getParent()) {
      if (Files.exists(above.resolve("mvnw"))) {
        return above;
      }
    }
    return Path.of("").toAbsolutePath();
  }
}
