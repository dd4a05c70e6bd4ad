/**
 * An HTTP server that is safe to leave open: bounded, behind a filter that knows every caller, with
 * JSON for every error. The only package of this module that knows Camel, whose server it makes.
 */
package dev.caravan.shared.http;
