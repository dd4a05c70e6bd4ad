/** Runs and reads the scripts, units and templates of {@code deploy/}, as a cloud would. */
package dev.caravan.deploy;
