package dev.caravan.cloud.events;

/**
 * The people who generate a sample's events.
 *
 * @param gathered how many of them write one additional message, the last one of the sample, all
 *     from the same point
 */
public record Population(int people, Channels channels, EventMix mix, int gathered) {

  private static final long ROWS_OF_A_PERSON = 100;
  private static final int FEWEST_PEOPLE = 20;

  /** The number of people that generates this many rows. */
  static Population of(long rows) {
    int people = Math.toIntExact(Math.max(FEWEST_PEOPLE, rows / ROWS_OF_A_PERSON));
    return new Population(people, Channels.of(people), EventMix.USUAL, 0);
  }
}
