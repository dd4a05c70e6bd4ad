package dev.caravan.endpoint.batch;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was accepted; on disk before anything is started, and never changed.
 *
 * @param id from 1, never given twice
 * @param tag marks the batch's processes and its YARN application
 * @param owner name of the credential that asked
 * @param key idempotency key
 * @param bodyHash of the request, in hex
 * @param words the argument list, the program first
 * @param logAddress where its log is shipped to, with a slash at the end; empty if nowhere
 */
public record BatchRecord(
    int id,
    String tag,
    String owner,
    Optional<String> name,
    Optional<String> proxyUser,
    Optional<String> key,
    String bodyHash,
    Instant acceptedAt,
    List<String> words,
    Optional<URI> logAddress) {}
