/**
 * The one file a user edits, read once at boot: every key with its default and bound where it is
 * used; a bad or unknown one refuses the start.
 */
package dev.caravan.routes.settings;
