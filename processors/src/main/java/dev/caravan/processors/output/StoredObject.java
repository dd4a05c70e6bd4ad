package dev.caravan.processors.output;

import java.time.Instant;

/**
 * An object as a listing shows it.
 *
 * @param size in bytes
 * @param written in whole seconds, by S3's clock
 */
record StoredObject(S3Location location, long size, Instant written) {}
