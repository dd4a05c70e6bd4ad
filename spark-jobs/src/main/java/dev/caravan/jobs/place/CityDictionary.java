package dev.caravan.jobs.place;

import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * The cities, ordered by id. Inside the plans a city goes by its <em>place</em>: its position in
 * this order, from 1.
 *
 * <p>Places compare as ids do, and looking one up is an array access in a literal that Spark ships
 * with the plan: no join, whatever the dictionary's size.
 */
public final class CityDictionary {
  private final List<City> cities;

  /**
   * Takes the cities in any order.
   *
   * @throws IllegalArgumentException without any city, or when two share an id
   */
  public CityDictionary(List<City> cities) {
    List<City> ordered = new ArrayList<>(cities);
    ordered.sort(Comparator.comparingInt(City::id));
    for (int i = 1; i < ordered.size(); i++) {
      if (ordered.get(i).id() == ordered.get(i - 1).id()) {
        throw new IllegalArgumentException(
            "the city dictionary holds city_id " + ordered.get(i).id() + " twice");
      }
    }
    if (ordered.isEmpty()) {
      throw new IllegalArgumentException("the city dictionary holds no city");
    }
    this.cities = Collections.unmodifiableList(ordered);
  }

  /** Every city, by place. */
  public List<City> cities() {
    return cities;
  }

  /** {@code city_id} of a place. */
  public Column idOf(Column place) {
    return lookUp(cities.stream().mapToInt(City::id).toArray(), place);
  }

  /** {@code city_name} of a place. */
  public Column nameOf(Column place) {
    return lookUp(cities.stream().map(City::name).toArray(String[]::new), place);
  }

  /** IANA time zone of a place. */
  public Column timezoneOf(Column place) {
    return lookUp(
        cities.stream().map(city -> city.timezone().getId()).toArray(String[]::new), place);
  }

  /** One literal, whatever the dictionary's size, so that plans stay small. */
  private static Column lookUp(Object attributes, Column place) {
    return element_at(lit(attributes), place);
  }
}
