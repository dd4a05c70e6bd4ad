/**
 * Traces of sessions: made from the journal once a session is over, and sent to a collector as
 * OTLP. The library for that is loaded when the first one is sent. Knows no route; the step {@code
 * exportTraces} connects them.
 */
package dev.caravan.processors.traces;
