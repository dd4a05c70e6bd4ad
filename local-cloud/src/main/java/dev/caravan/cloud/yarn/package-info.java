/**
 * A stock YARN: the cluster manager that a Data Proc cluster has, for tests that submit with {@code
 * --master yarn}. Nothing here knows Spark or the endpoint.
 */
package dev.caravan.cloud.yarn;
