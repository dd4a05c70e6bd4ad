/**
 * The page for people, made on the server from what the control plane tells, and its sessions. Its
 * templates are in {@code src/main/jte}; its actions are those of the API, done by the API.
 */
package dev.caravan.routes.page;
