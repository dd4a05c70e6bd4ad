package dev.caravan.routes.operations;

import java.util.Optional;

/**
 * An output that a job promised, and what was found of it. A contract that is broken is the failure
 * of its job's attempt.
 *
 * @param number from 1, in the order of the definition
 * @param at {@code s3://bucket/prefix/}
 * @param contract what was promised; empty in old runs, which kept no definition
 * @param found what was there when it was verified; empty: it wasn't
 */
public record OutputView(
    int number, String at, Optional<ContractView> contract, Optional<FoundOutput> found) {}
