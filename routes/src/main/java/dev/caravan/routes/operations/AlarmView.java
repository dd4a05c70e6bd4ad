package dev.caravan.routes.operations;

import dev.caravan.processors.journal.AlarmKind;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that a person has to see to.
 *
 * @param subject what it is about: a cluster's id, a run's, or a pipeline's file
 * @param run in which it came up
 * @param sentAt when it was delivered; empty: not yet
 * @param sentence all of it in words
 */
public record AlarmView(
    AlarmKind kind,
    String subject,
    Optional<String> run,
    Instant raisedAt,
    Optional<Instant> sentAt,
    String sentence) {}
