/**
 * How messages of the journal's outbox look and where they go: targets, texts, forms, quiet hours,
 * tries. Knows no route; the steps {@code takeNotification} and {@code settleNotification} connect
 * it with them.
 */
package dev.caravan.processors.notifications;
