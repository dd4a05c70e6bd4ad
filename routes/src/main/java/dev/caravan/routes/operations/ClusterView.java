package dev.caravan.routes.operations;

import dev.caravan.processors.ClusterConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * A cluster of the settings, as the journal knows it.
 *
 * @param status what was last seen of it; empty: it was never looked at
 * @param session the latest use
 * @param running the run that is under way on it
 * @param queued how many runs wait for it
 * @param stopOwed whether Caravan still has to stop it
 * @param usualStart from the asking to RUNNING; empty without experience, as {@code usualStop}
 */
public record ClusterView(
    String name,
    String id,
    ClusterConfig.StopPolicy stopPolicy,
    Optional<StatusView> status,
    Optional<SessionView> session,
    Optional<RunView> running,
    int queued,
    boolean stopOwed,
    Optional<Duration> usualStart,
    Optional<Duration> usualStop) {}
