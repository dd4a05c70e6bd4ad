/**
 * The JSON API: one table of calls, from which paths, rights and routes follow, over the control
 * plane. Beans answer with an {@code ApiAnswer} and never let an Error out.
 */
package dev.caravan.routes.api;
