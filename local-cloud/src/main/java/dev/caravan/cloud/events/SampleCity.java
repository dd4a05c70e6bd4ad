package dev.caravan.cloud.events;

import java.util.List;

/**
 * An entry of the city dictionary.
 *
 * @param latitude of its centre, degrees north
 * @param longitude of its centre, degrees east
 * @param timeZone IANA name
 * @param weight how many of the sample's people live there, compared to the others
 */
record SampleCity(
    int id, String name, double latitude, double longitude, String timeZone, int weight) {

  static final List<SampleCity> ALL =
      List.of(
          new SampleCity(1, "Sydney", -33.8650, 151.2094, "Australia/Sydney", 53),
          new SampleCity(2, "Melbourne", -37.8136, 144.9631, "Australia/Melbourne", 50),
          new SampleCity(3, "Brisbane", -27.4678, 153.0281, "Australia/Brisbane", 25),
          new SampleCity(4, "Perth", -31.9522, 115.8589, "Australia/Perth", 21),
          new SampleCity(5, "Adelaide", -34.9289, 138.6011, "Australia/Adelaide", 13),
          new SampleCity(6, "Gold Coast", -28.0167, 153.4000, "Australia/Brisbane", 7),
          new SampleCity(7, "Cranbourne", -38.0996, 145.2834, "Australia/Melbourne", 3),
          new SampleCity(8, "Canberra", -35.2931, 149.1269, "Australia/Sydney", 5),
          new SampleCity(9, "Newcastle", -32.9167, 151.7500, "Australia/Sydney", 5),
          new SampleCity(10, "Wollongong", -34.4331, 150.8831, "Australia/Sydney", 3),
          new SampleCity(11, "Geelong", -38.1500, 144.3500, "Australia/Melbourne", 3),
          new SampleCity(12, "Hobart", -42.8806, 147.3250, "Australia/Hobart", 3),
          new SampleCity(13, "Townsville", -19.2564, 146.8183, "Australia/Brisbane", 2),
          new SampleCity(14, "Ipswich", -27.6167, 152.7667, "Australia/Brisbane", 2),
          new SampleCity(15, "Cairns", -16.9303, 145.7703, "Australia/Brisbane", 2),
          new SampleCity(16, "Toowoomba", -27.5667, 151.9500, "Australia/Brisbane", 2),
          new SampleCity(17, "Darwin", -12.4381, 130.8411, "Australia/Darwin", 2),
          new SampleCity(18, "Ballarat", -37.5500, 143.8500, "Australia/Melbourne", 1),
          new SampleCity(19, "Bendigo", -36.7500, 144.2667, "Australia/Melbourne", 1),
          new SampleCity(20, "Launceston", -41.4419, 147.1450, "Australia/Hobart", 1),
          new SampleCity(21, "Mackay", -21.1411, 149.1858, "Australia/Brisbane", 1),
          new SampleCity(22, "Rockhampton", -23.3750, 150.5117, "Australia/Brisbane", 1),
          new SampleCity(23, "Maitland", -32.7167, 151.5500, "Australia/Sydney", 1),
          new SampleCity(24, "Bunbury", -33.3333, 115.6333, "Australia/Perth", 1));

  private static final int TOTAL_WEIGHT = ALL.stream().mapToInt(SampleCity::weight).sum();

  /** The city where a share, 0 to below 1, of all people falls. */
  static SampleCity atShare(double share) {
    int rest = (int) (share * TOTAL_WEIGHT);
    for (SampleCity city : ALL) {
      rest -= city.weight();
      if (rest < 0) {
        return city;
      }
    }
    return ALL.get(ALL.size() - 1);
  }

  /** How many of so many people live here. */
  long inhabitants(long people) {
    return people * weight / TOTAL_WEIGHT;
  }
}
