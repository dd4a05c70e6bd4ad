package dev.caravan.routes.operations;

/**
 * What became of a run that was asked for.
 *
 * @param queued whether it was queued; else the date had this run already, open or succeeded
 */
public record RunAsked(RunView run, boolean queued) {}
