/** Camel's HTTP client as all calls of the orchestrator want it. */
package dev.caravan.processors.http;
