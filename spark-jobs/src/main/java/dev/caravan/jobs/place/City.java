package dev.caravan.jobs.place;

import java.io.Serializable;
import java.time.ZoneId;

/** A city of the dictionary; also the zone that its id numbers. */
public final class City implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int id;
  private final String name;
  private final double lat;
  private final double lon;
  private final ZoneId timezone;

  /** A city at {@code lat}, {@code lon} degrees. */
  public City(int id, String name, double lat, double lon, ZoneId timezone) {
    this.id = id;
    this.name = name;
    this.lat = lat;
    this.lon = lon;
    this.timezone = timezone;
  }

  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** Degrees north. */
  public double lat() {
    return lat;
  }

  /** Degrees east. */
  public double lon() {
    return lon;
  }

  public ZoneId timezone() {
    return timezone;
  }
}
