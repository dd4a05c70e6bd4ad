/**
 * Looks whether the installation would work, without starting or changing anything: one class for
 * each side that is talked to. The command {@code check} comes in by {@link
 * dev.caravan.routes.check.InstallationCheck}.
 */
package dev.caravan.routes.check;
