package dev.caravan.jobs.marts;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every datamart there is, by name. */
public final class Datamarts {
  private static final Map<String, Datamart> BY_NAME = new LinkedHashMap<>();

  static {
    for (Datamart datamart :
        Arrays.asList(new UsersDemographicJob(), new EventsTotalJob(), new RecommendationsJob())) {
      BY_NAME.put(datamart.name(), datamart);
    }
  }

  private Datamarts() {}

  /** The datamart of that name. */
  public static Optional<Datamart> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names, in the order in which the house lists them. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }
}
