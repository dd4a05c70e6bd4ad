package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.array_min;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.place.GreatCircle;
import dev.caravan.jobs.place.KilometreGrid;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Finds candidates for recommendations: pairs of users at most a kilometre apart.
 *
 * <p>Pairs are searched by place, cell by cell. In a crowd, that is many users in one cell, the
 * number of pairs grows with the square of the users, but each channel may have few subscribers
 * there. Therefore the pairs of each crowded cell are counted both by place and by channel and
 * place, and searched the way that has fewer.
 */
final class Candidates {
  /** Column of a pair: known to have a channel in common. If not, they may have or not. */
  static final String IN_COMMON = "in_common";

  /**
   * Users in one cell from which on they are a crowd. Among fewer, pairs by place cost about as
   * much as finding out whether there would be fewer by channel.
   */
  static final long CROWD = 100;

  private static final double REACH_KM = 1.0;
  private static final String CELL = "cell";

  /** For a pair by channel all channels of both users are compared, too. */
  private static final int COST_BY_CHANNEL = 2;

  private final Dataset<Row> people;
  private final long crowd;

  /**
   * @param people as {@link RecommendationsTransform#people} makes them
   */
  Candidates(Dataset<Row> people, long crowd) {
    this.people = people;
    this.crowd = crowd;
  }

  /**
   * Pairs {@code a < b} at most a kilometre apart, each once, with {@link #IN_COMMON}: at least
   * those with a channel in common. Runs small queries at once to learn where there are crowds.
   */
  Dataset<Row> pairs() {
    Dataset<Row> here =
        people.select(
            col("user_id").as("a"),
            col("lat").as("a_lat"),
            col("lon").as("a_lon"),
            col("channels").as("a_channels"),
            KilometreGrid.cell(col("lat"), col("lon")).as(CELL));
    Dataset<Row> around =
        KilometreGrid.reach(
            people.select(
                col("user_id").as("b"),
                col("lat").as("b_lat"),
                col("lon").as("b_lon"),
                col("channels").as("b_channels")),
            col("b_lat"),
            col("b_lon"));
    List<Row> cells = betterByChannel(here);
    if (cells.isEmpty()) {
      return byPlace(here, around);
    }
    return byPlace(those(here, cells, "left_anti"), around)
        .union(byChannel(those(here, cells, "left_semi"), those(around, cells, "left_semi")));
  }

  /**
   * The cells with a crowd that has fewer pairs by channel. Both are counted among the cell's own
   * users, since those around it are hardly more and much the same.
   */
  private List<Row> betterByChannel(Dataset<Row> here) {
    List<Row> crowds =
        here.groupBy(CELL)
            .agg(count(lit(1)).as("users"))
            .filter(col("users").geq(crowd))
            .select(CELL)
            .collectAsList();
    if (crowds.isEmpty()) {
      return crowds;
    }
    Column users = sum(when(col("channel").isNull(), col("subscribers")));
    Column byChannel = sum(when(col("channel").isNotNull(), square(col("subscribers"))));
    return those(here, crowds, "left_semi")
        // One row more for each user, with null for a channel: so the users are counted too.
        .select(
            col(CELL),
            explode(concat(col("a_channels"), array(lit(null).cast(DataTypes.LongType))))
                .as("channel"))
        .groupBy(CELL, "channel")
        .agg(count(lit(1)).as("subscribers"))
        .groupBy(CELL)
        .agg(square(users).as("by_place"), byChannel.as("by_channel"))
        .filter(col("by_channel").multiply(COST_BY_CHANNEL).lt(col("by_place")))
        .select(CELL)
        .collectAsList();
  }

  private static Column square(Column number) {
    return number.multiply(number);
  }

  /** The rows that lie in the cells, or for an anti join those that do not. */
  private static Dataset<Row> those(Dataset<Row> rows, List<Row> cells, String join) {
    Dataset<Row> few =
        rows.sparkSession().createDataFrame(cells, rows.select(CELL).schema()).toDF("crowded");
    return rows.join(broadcast(few), col(CELL).equalTo(col("crowded")), join);
  }

  private static Dataset<Row> byPlace(Dataset<Row> here, Dataset<Row> around) {
    return here.join(around, CELL)
        .filter(isNear())
        .select(col("a"), col("b"), lit(false).as(IN_COMMON));
  }

  /**
   * A pair with several channels in common meets in each of them, and is kept in the lowest: pairs
   * are many, and to bring them together with their copies would cost more than this.
   */
  private static Dataset<Row> byChannel(Dataset<Row> here, Dataset<Row> around) {
    Dataset<Row> a =
        here.withColumn("a_channel", explode(col("a_channels"))).withColumnRenamed(CELL, "a_cell");
    Dataset<Row> b =
        around
            .withColumn("b_channel", explode(col("b_channels")))
            .withColumnRenamed(CELL, "b_cell");
    Column first = array_min(array_intersect(col("a_channels"), col("b_channels")));
    return a.join(
            b, col("a_cell").equalTo(col("b_cell")).and(col("a_channel").equalTo(col("b_channel"))))
        .filter(isNear())
        .filter(first.equalTo(col("a_channel")))
        .select(col("a"), col("b"), lit(true).as(IN_COMMON));
  }

  private static Column isNear() {
    Column distance = GreatCircle.km(col("a_lat"), col("a_lon"), col("b_lat"), col("b_lon"));
    return col("a").lt(col("b")).and(distance.leq(REACH_KM));
  }
}
