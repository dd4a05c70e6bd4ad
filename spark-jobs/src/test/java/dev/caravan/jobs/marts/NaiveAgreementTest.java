package dev.caravan.jobs.marts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.bench.naive.NaiveDatamarts;
import dev.caravan.jobs.place.City;
import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestSession;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On 300 random inputs the datamarts and their naive twins hold the same rows. Inputs of one seed
 * share their queries, whose planning costs far more than their rows: one has ids and times as they
 * should be and a dozen cities, the other one strings and ninety.
 */
@Tag("slow")
class NaiveAgreementTest {
  private static final int INPUTS = 150;
  private static final long EVERYBODY_IS_A_CROWD = 1;

  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  private final SparkSession spark = TestSession.spark();

  @BeforeAll
  static void planOnce() {
    TestSession.spark().conf().set(ADAPTIVE, "false");
  }

  @AfterAll
  static void planAsUsual() {
    TestSession.spark().conf().unset(ADAPTIVE);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 4})
  void sameRows(long seed) {
    boolean strings = seed % 2 == 0;
    RandomEvents random = new RandomEvents(seed, INPUTS, strings);
    CityDictionary cities = random.cities(strings ? 15 : 2);
    UnaryOperator<Dataset<Row>> store = strings ? UnaryOperator.identity() : RawEvents::stored;
    Dataset<Row> messages = store.apply(random.events().messages(spark));
    Dataset<Row> reactions = store.apply(random.events().reactions(spark));
    Dataset<Row> subscriptions = store.apply(random.events().subscriptions(spark));
    messages.createOrReplaceTempView("raw_message");
    reactions.createOrReplaceTempView("raw_reaction");
    subscriptions.createOrReplaceTempView("raw_subscription");
    dataset(cities).createOrReplaceTempView("city");

    Marts marts = new Marts(cities, messages, reactions, subscriptions);
    NaiveDatamarts naive = new NaiveDatamarts(spark);
    agree(seed, marts.usersDemographic(), naive.usersDemographic());
    agree(seed, marts.eventsTotal(), naive.eventsTotal());
    Dataset<Row> recommendations = naive.recommendations(Marts.PROCESSED_AT.toString());
    agree(seed, marts.recommendations(), recommendations);
    agree(seed, marts.recommendations(marts.people(), EVERYBODY_IS_A_CROWD), recommendations);
  }

  private static void agree(long seed, Dataset<Row> rows, Dataset<Row> naive) {
    List<String> expected = lines(naive);
    assertThat(expected).as("seed %d makes rows to compare", seed).hasSizeGreaterThan(10);
    assertThat(rows.schema().catalogString().replace("required ", ""))
        .isEqualTo(naive.schema().catalogString());
    assertThat(lines(rows))
        .as("rows of seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<String> lines(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).collect(Collectors.toList());
  }

  private Dataset<Row> dataset(CityDictionary cities) {
    return spark.createDataFrame(
        cities.cities().stream().map(NaiveAgreementTest::row).collect(Collectors.toList()),
        StructType.fromDDL(
            "city_id int, city_name string, city_lat double, city_lon double, timezone string"));
  }

  private static Row row(City city) {
    return RowFactory.create(
        city.id(), city.name(), city.lat(), city.lon(), city.timezone().getId());
  }
}
