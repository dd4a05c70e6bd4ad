package dev.caravan.cloud.events;

/**
 * Who makes a sample's events, and what they do.
 *
 * @param gathered so many of them write one message more, the last one of the sample, and all from
 *     the same point
 */
public record Population(int people, Channels channels, EventMix mix, int gathered) {

  private static final long ROWS_OF_A_PERSON = 100;
  private static final int FEWEST_PEOPLE = 20;

  /** As many people as make so many rows. */
  static Population of(long rows) {
    int people = Math.toIntExact(Math.max(FEWEST_PEOPLE, rows / ROWS_OF_A_PERSON));
    return new Population(people, Channels.of(people), EventMix.USUAL, 0);
  }
}
