/**
 * The datamarts: for each a pure transform (rows to rows) and a thin job around it.
 *
 * <p>A new datamart comes in here, and then into {@link dev.caravan.jobs.marts.Datamarts}.
 */
package dev.caravan.jobs.marts;
