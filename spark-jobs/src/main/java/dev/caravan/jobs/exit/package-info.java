/**
 * How a datamart or the whole application ends, as the submitter sees it.
 *
 * <p>Everyone may use it; it knows nobody.
 */
package dev.caravan.jobs.exit;
