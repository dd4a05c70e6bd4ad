package dev.caravan.bench.spark;

import dev.caravan.cloud.events.Channels;
import dev.caravan.cloud.events.EventMix;
import dev.caravan.cloud.events.Population;
import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The data: 20,000 people and 3,000 channels; a day has 10,000 messages, 10,000 reactions and
 * 30,000 subscriptions.
 */
enum BenchLake {
  /** One person in five subscribes to channel 1, again and again. */
  USUAL(36, 3, 5, BenchLake.SKEW, 0),
  /** The same with ten times the subscriptions. */
  TENFOLD(30, 30, 5, BenchLake.SKEW, 0),
  /** As the usual one, without the channel that stands out. */
  EVEN(30, 3, 0, BenchLake.SKEW, 0),
  /** Channels of one size, some 15 for each person. */
  SCATTERED(10, 3, 0, 1, 0),
  /** The same, and two persons in five stand at one point in the end. */
  CROWDED(10, 3, 0, 1, 8000);

  static final LocalDate LAST_DAY = LocalDate.of(2026, 3, 31);
  static final String BUCKET = "bench";

  private static final int PEOPLE = 20_000;
  private static final int CHANNELS = 3_000;

  /** By itself the largest channel has one person in twenty. */
  private static final double SKEW = 1.2;

  private static final long EVENTS_A_PART = 10_000;

  private final int days;
  private final int subscriptions;
  private final int fans;
  private final double skew;
  private final int gathered;

  BenchLake(int days, int subscriptions, int fans, double skew, int gathered) {
    this.days = days;
    this.subscriptions = subscriptions;
    this.fans = fans;
    this.skew = skew;
    this.gathered = gathered;
  }

  String address() {
    return "s3a://" + BUCKET + "/" + prefix();
  }

  private String prefix() {
    return name().toLowerCase(Locale.ROOT);
  }

  int days() {
    return days;
  }

  int gathered() {
    return gathered;
  }

  /** Events of a day. */
  long rowsOfDay() {
    return EVENTS_A_PART * (2 + subscriptions);
  }

  /** Writes events and dictionary unless an earlier run on the same directory has. */
  void fill(S3Server s3, Path directory, long seed) throws IOException {
    Path done = directory.resolve(prefix() + "-" + seed + ".done");
    if (Files.exists(done)) {
      return;
    }
    SampleEvents events =
        new SampleEvents(
            LAST_DAY,
            days,
            days * rowsOfDay(),
            seed,
            new Population(
                PEOPLE,
                new Channels(CHANNELS, skew, fans),
                new EventMix(1, 1, subscriptions),
                gathered));
    CompletableFuture<S3Client> client = CompletableFuture.completedFuture(s3.client());
    events.writeEvents(client, BUCKET, prefix() + "/events", directory);
    SampleEvents.writeCities(client, BUCKET, prefix() + "/cities", directory);
    Files.createFile(done);
  }
}
