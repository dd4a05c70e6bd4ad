package dev.caravan.processors.cost;

/**
 * What a cluster costs.
 *
 * @param currency as people write it, such as RUB
 * @param hour an hour from the start command until the cluster is stopped, without the disks
 * @param disksHour an hour of the disks, which are paid for whether the cluster runs or not
 * @param start one start
 */
public record Prices(String currency, Rate hour, Rate disksHour, Rate start) {}
