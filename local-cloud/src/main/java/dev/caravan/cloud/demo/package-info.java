/**
 * The demo: a local cloud, sample events, and one run of the orchestrator's own jar against them,
 * or the playground: its server, with a week of history, until somebody ends it. Only people come
 * in, through {@link dev.caravan.cloud.demo.Demo}'s command line. Our jars are known by their
 * paths, their settings and their exit codes only.
 */
package dev.caravan.cloud.demo;
