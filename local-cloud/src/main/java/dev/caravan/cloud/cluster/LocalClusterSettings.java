package dev.caravan.cloud.cluster;

import dev.caravan.cloud.s3.S3Access;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a local cluster is made of.
 *
 * @param endpointJar the cluster endpoint, run with {@code java -jar}
 * @param sparkHome a Spark home with {@code bin/spark-submit}
 * @param directory where everything it writes is kept
 * @param s3 the S3 server that its jobs use
 * @param allowedFiles prefixes of the files that a batch may name, for instance {@code s3a://code/}
 * @param endpointKeys further keys of the endpoint's settings; they win over those made here; with
 *     {@code endpoint.logs-to} among them the endpoint is told of {@code s3}, too
 * @param sparkConf further Spark settings; they win over those made here
 */
public record LocalClusterSettings(
    Path endpointJar,
    Path sparkHome,
    Path directory,
    S3Access s3,
    List<String> allowedFiles,
    Map<String, String> endpointKeys,
    Map<String, String> sparkConf) {

  public LocalClusterSettings {
    allowedFiles = List.copyOf(allowedFiles);
    endpointKeys = Map.copyOf(endpointKeys);
    sparkConf = Map.copyOf(sparkConf);
  }
}
