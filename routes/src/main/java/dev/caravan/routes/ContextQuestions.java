package dev.caravan.routes;

import dev.caravan.processors.steps.DeliveryContext;
import dev.caravan.processors.steps.RunContext;
import dev.caravan.processors.steps.SessionContext;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The questions that {@link RunContext} and its parts, and {@link DeliveryContext}, answer to
 * routes.
 */
final class ContextQuestions {
  private static final Set<Class<?>> CONTEXTS =
      Set.of(RunContext.class, SessionContext.class, DeliveryContext.class);

  /** By the exchange property under which it is carried. */
  private static final Map<String, Class<?>> PROPERTIES =
      Map.of(
          RunContext.PROPERTY, RunContext.class, DeliveryContext.PROPERTY, DeliveryContext.class);

  private ContextQuestions() {}

  /** The contexts, by the exchange property under which each is carried. */
  static Map<String, Class<?>> properties() {
    return PROPERTIES;
  }

  /** Whether an answer of this type can be asked further questions. */
  static boolean isContext(Class<?> type) {
    return CONTEXTS.contains(type);
  }

  /**
   * The questions that a route may ask, without {@code exchangeProperty.}: {@code run.jobsLeft}.
   */
  static Set<String> all() {
    Set<String> names = new TreeSet<>();
    PROPERTIES.forEach((property, context) -> collectQuestions(property, context, names));
    return names;
  }

  private static void collectQuestions(String path, Class<?> context, Set<String> names) {
    of(context)
        .forEach(
            (name, type) -> {
              if (isContext(type)) {
                collectQuestions(path + "." + name, type, names);
              } else {
                names.add(path + "." + name);
              }
            });
  }

  /** By name: what answers it. */
  static Map<String, Class<?>> of(Class<?> context) {
    Map<String, Class<?>> questions = new TreeMap<>();
    for (Method method : context.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && !Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() == 0
          && method.getReturnType() != void.class
          && !method.getName().equals("toString")) {
        questions.put(method.getName(), method.getReturnType());
      }
    }
    return questions;
  }
}
