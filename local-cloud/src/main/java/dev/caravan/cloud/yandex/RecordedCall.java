package dev.caravan.cloud.yandex;

import io.grpc.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * One call that reached the emulator.
 *
 * @param rpc which call
 * @param at when it arrived
 * @param requestId the client's {@code x-client-request-id} header, empty if it sent none
 * @param byMachine whether the caller is a machine of the cloud, like the cluster's master
 * @param outcome how it was answered; empty while it is not
 */
public record RecordedCall(
    Rpc rpc, Instant at, String requestId, boolean byMachine, Optional<Status.Code> outcome) {}
