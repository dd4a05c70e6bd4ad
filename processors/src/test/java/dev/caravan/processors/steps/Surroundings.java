package dev.caravan.processors.steps;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.BatchClientConfig;
import dev.caravan.processors.batches.EndpointCredentials;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Extension;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.yandex.YandexClusters;
import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** A process of its own that makes one call with each of our clients, and says how it went. */
final class Surroundings {
  private Surroundings() {}

  /** Arguments: a server for S3 and the endpoint, S3's keys, the cloud, its certificate and key. */
  public static void main(String[] args) throws Exception {
    URI server = URI.create(args[0]);
    try (CamelContext camel = new DefaultCamelContext()) {
      S3Component.configure(
          camel, S3Extension.settings(server, S3Key.read(Path.of(args[1])), Optional.empty()));
      camel.start();
      OutputContract nothing =
          new OutputContract(S3Location.of("s3://lake/mart/"), 0, 0, 0, List.of());
      new OutputVerifier(camel).verify(nothing, Instant.EPOCH);
      System.out.println("S3 answered");
      try (BatchClient client =
          new BatchClient(
              camel, BatchClientConfig.of(EndpointCredentials.none(), Optional.empty()))) {
        System.out.println("endpoint answered " + client.health(server));
      }
    }
    HostAndPort cloud = HostAndPort.parse(args[2]);
    YandexSettings config =
        new YandexSettings(
            cloud,
            cloud,
            cloud,
            Optional.of(Path.of(args[3])),
            new YandexCredentials.ServiceAccountKey(Path.of(args[4])),
            Duration.ofSeconds(20));
    try (YandexClusters clusters = YandexClusters.connect(config, Clock.systemUTC())) {
      System.out.println("cloud answered " + clusters.look("c9q1").status());
    }
  }
}
