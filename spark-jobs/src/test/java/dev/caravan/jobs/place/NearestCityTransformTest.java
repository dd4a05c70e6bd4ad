package dev.caravan.jobs.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.TestSession;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class NearestCityTransformTest {
  private static City city(int id, double lat, double lon) {
    return new City(id, "C" + id, lat, lon, ZoneOffset.UTC);
  }

  /**
   * The ids of the cities nearest to points, in the points' order; no entry for a point without a
   * place.
   */
  private static List<Integer> nearest(List<City> cities, Double[]... points) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      rows.add(RowFactory.create(i, points[i][0], points[i][1]));
    }
    CityDictionary dictionary = new CityDictionary(cities);
    return new NearestCityTransform(dictionary)
            .apply(
                TestSession.spark()
                    .createDataFrame(rows, StructType.fromDDL("point int, lat double, lon double")))
            .orderBy("point")
            .collectAsList()
            .stream()
            .map(row -> dictionary.cities().get(row.<Integer>getAs("place") - 1).id())
            .collect(Collectors.toList());
  }

  private static Double[] at(Double lat, Double lon) {
    return new Double[] {lat, lon};
  }

  @Test
  void tiesGoToTheLowerId() {
    List<City> cities =
        Arrays.asList(city(9, 10, 20), city(4, 10, 22), city(7, 10, 20), city(30, -10, 20));
    assertThat(
            nearest(
                cities,
                at(10.0, 21.0),
                at(10.0, 20.0),
                at(-10.0, 20.0),
                at(0.0, 20.0),
                at(10.0, 21.001)))
        .containsExactly(4, 7, 30, 7, 4);
  }

  @Test
  void metresDecideWhereRoundedKilometresWouldTie() {
    List<City> cities = Arrays.asList(city(1, 0, 0), city(2, 0, 1));
    assertThat(nearest(cities, at(0.0, 0.4999), at(0.0, 0.5001), at(0.0, 0.50000001)))
        .containsExactly(1, 2, 2);
  }

  @Test
  void theGlobeHasNoEdges() {
    List<City> cities = Arrays.asList(city(1, 0, 170), city(2, 89, 0), city(3, 0, -150));
    assertThat(nearest(cities, at(0.0, -179.0), at(89.5, 180.0), at(0.0, 180.0), at(-90.0, 3.0)))
        .containsExactly(1, 2, 1, 1);
  }

  @Test
  void withoutUsableCoordinatesThereIsNoPlace() {
    List<City> cities = Collections.singletonList(city(5, 0, 0));
    assertThat(
            nearest(
                cities,
                at(null, 1.0),
                at(1.0, null),
                at(90.01, 0.0),
                at(0.0, -180.01),
                at(Double.NaN, 0.0),
                at(0.0, Double.POSITIVE_INFINITY),
                at(90.0, -180.0)))
        .containsExactly(5);
  }

  /** A large dictionary, against plain Java. */
  @Test
  void manyCities() {
    Random random = new Random(42);
    List<City> cities = new ArrayList<>();
    for (int id = 0; id < 300; id++) {
      cities.add(city(id, random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180));
    }
    Double[][] points = new Double[200][];
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      points[i] = at(random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180);
      expected.add(brute(cities, points[i][0], points[i][1]));
    }
    assertThat(nearest(cities, points)).isEqualTo(expected);
  }

  @Test
  void plansDoNotGrowWithTheDictionary() {
    List<City> one = Collections.singletonList(city(1, 0, 0));
    List<City> many = new ArrayList<>();
    for (int id = 0; id < 90; id++) {
      many.add(city(id, id, id));
    }
    assertThat(plan(many)).isEqualTo(plan(one)).contains("nearest_place");
  }

  private static String plan(List<City> cities) {
    Dataset<Row> events =
        TestSession.spark().sql("select cast(id as double) lat, 1d lon from range(3)");
    return new NearestCityTransform(new CityDictionary(cities))
        .apply(events)
        .queryExecution()
        .optimizedPlan()
        .toString()
        .replaceAll("#\\d+", "");
  }

  private static int brute(List<City> cities, double lat, double lon) {
    City best = cities.get(0);
    for (City city : cities) {
      if (km(city, lat, lon) < km(best, lat, lon)) {
        best = city;
      }
    }
    return best.id();
  }

  private static double km(City city, double lat, double lon) {
    double byLat = Math.sin(Math.toRadians(city.lat() - lat) / 2);
    double byLon = Math.sin(Math.toRadians(city.lon() - lon) / 2);
    return 2
        * 6371
        * Math.asin(
            Math.sqrt(
                byLat * byLat
                    + Math.cos(Math.toRadians(lat))
                        * Math.cos(Math.toRadians(city.lat()))
                        * byLon
                        * byLon));
  }
}
