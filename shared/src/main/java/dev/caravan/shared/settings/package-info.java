/**
 * How settings are written and read, in the orchestrator's file as in the endpoint's: one format of
 * files, one grammar of values, one way to name what is wrong.
 */
package dev.caravan.shared.settings;
