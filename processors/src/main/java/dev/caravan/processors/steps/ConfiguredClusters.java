package dev.caravan.processors.steps;

import dev.caravan.shared.FatalException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The clusters of the settings. */
public record ConfiguredClusters(List<ConfiguredCluster> all) {

  public ConfiguredClusters {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("There is no cluster.");
    }
  }

  /**
   * @throws FatalException if the settings have no cluster of this name
   */
  public ConfiguredCluster require(String name) {
    return all.stream()
        .filter(cluster -> cluster.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new FatalException(
                    "There is no cluster '%s' in the settings (caravan.cluster.%s.id)."
                        .formatted(name, name)));
  }

  /** The one that the cloud calls so. */
  public Optional<ConfiguredCluster> withId(String id) {
    return all.stream().filter(cluster -> cluster.id().equals(id)).findFirst();
  }

  public List<String> ids() {
    return all.stream().map(ConfiguredCluster::id).toList();
  }

  /**
   * What others run on the cluster of this id, as {@link ForeignWork#find} says it. One that is not
   * in the settings any more is asked as the first of them would be.
   */
  public Optional<String> foreignWork(String id, Optional<URI> endpoint, boolean hurried) {
    return withId(id).orElse(all.get(0)).foreignWork().find(id, endpoint, hurried);
  }
}
