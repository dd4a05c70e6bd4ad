package dev.caravan.routes.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What a misspelt word was meant to be. */
final class Nearest {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private Nearest() {}

  /** Empty if all are too far away to be meant. */
  static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparing(each -> DISTANCE.apply(word, each)))
        .filter(each -> DISTANCE.apply(word, each) <= Math.max(2, word.length() / 3));
  }
}
