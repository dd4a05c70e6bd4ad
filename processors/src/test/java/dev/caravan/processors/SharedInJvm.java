package dev.caravan.processors;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What all tests of a JVM share; closed when it ends. Surefire runs each class of several forks as
 * a plan of its own, with which JUnit's root store is closed: only the session's lives as long.
 */
public final class SharedInJvm {
  private SharedInJvm() {}

  /** The one of that type; made by whoever asks first. */
  public static <T extends AutoCloseable> T get(
      ExtensionContext context, Class<T> type, Supplier<T> start) {
    return context
        .getStore(
            ExtensionContext.StoreScope.LAUNCHER_SESSION,
            ExtensionContext.Namespace.create(SharedInJvm.class))
        .getOrComputeIfAbsent(type, key -> start.get(), type);
  }
}
