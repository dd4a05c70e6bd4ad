/**
 * The endpoint's settings: read once at boot from file and command line, checked, typed.
 *
 * <p>Everybody may read these records; nobody else reads a raw setting.
 */
package dev.caravan.endpoint.settings;
