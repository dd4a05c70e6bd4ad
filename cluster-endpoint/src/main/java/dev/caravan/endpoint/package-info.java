/**
 * Boot of the cluster endpoint: settings, parts, Camel. Nobody of ours may depend on this module.
 */
package dev.caravan.endpoint;
