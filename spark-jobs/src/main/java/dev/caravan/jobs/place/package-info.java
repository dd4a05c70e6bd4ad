/**
 * Places on the globe: the city dictionary, great circles, the nearest city, cells of a kilometre.
 *
 * <p>Knows coordinates and nothing of users or events.
 */
package dev.caravan.jobs.place;
