/**
 * The cloud in Caravan's own words: clusters, their status and health, operations. The verbs speak
 * only this; the Yandex client speaks it to them, so that no route and no verb knows a gRPC type.
 */
package dev.caravan.shared.cloud;
