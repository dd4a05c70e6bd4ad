package dev.caravan.endpoint.settings;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The limits and lifetimes of batches.
 *
 * @param dataDirectory holds batches, logs, key records
 * @param maxRunning batches running at once
 * @param maxQueued batches waiting for their turn
 * @param timeout hard limit of one batch, from its start
 * @param killGrace time between TERM and KILL
 * @param keepFinished how long a finished batch, its log and its key are kept
 * @param killOnStop whether running batches end with the endpoint
 * @param maxLog bytes of a batch's stdout and of its stderr each that are kept
 * @param minFree bytes that must be free on the disk of {@code dataDirectory}, or no batch is taken
 */
public record BatchSettings(
    Path dataDirectory,
    int maxRunning,
    int maxQueued,
    Duration timeout,
    Duration killGrace,
    Duration keepFinished,
    boolean killOnStop,
    long maxLog,
    long minFree) {
  private static final long KIB = 1024;
  private static final long MIB = KIB * KIB;
  private static final long TIB = MIB * MIB;

  static BatchSettings from(SettingsSource source) {
    return new BatchSettings(
        source.requiredPath("endpoint.data-dir").toAbsolutePath().normalize(),
        source.integer("endpoint.max-running", 2, 1, 1000),
        source.integer("endpoint.max-queued", 100, 0, 100_000),
        source.duration("endpoint.batch-timeout", "6h", "100ms", "30d"),
        source.duration("endpoint.kill-grace", "10s", "10ms", "30s"),
        source.duration("endpoint.keep-finished", "7d", "1s", "3650d"),
        source.oneOf("endpoint.on-stop", "leave", "leave", "kill").equals("kill"),
        source.bytes("endpoint.max-log", 256 * MIB, KIB, TIB),
        source.bytes("endpoint.min-free", 64 * MIB, 0, TIB));
  }
}
