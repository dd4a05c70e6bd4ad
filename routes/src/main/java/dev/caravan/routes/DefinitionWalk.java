package dev.caravan.routes;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Visits all parts of a route in Camel's model. It walks the fields, because the model has no
 * visitor and expressions occur in attributes of many names.
 */
final class DefinitionWalk {
  private DefinitionWalk() {}

  /** Visits the definition and those it holds, in order. */
  static void visit(Object definition, Consumer<Object> visitor) {
    walk(definition, visitor, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static void walk(Object part, Consumer<Object> visitor, Set<Object> seen) {
    if (part instanceof Collection<?> parts) {
      parts.forEach(each -> walk(each, visitor, seen));
      return;
    }
    if (part == null
        || part instanceof Enum
        || !part.getClass().getName().startsWith("org.apache.camel.model.")
        || !seen.add(part)) {
      return;
    }
    visitor.accept(part);
    for (Field field : fields(part.getClass())) {
      if (!field.getName().equals("parent") && !field.getType().isPrimitive()) {
        walk(get(field, part), visitor, seen);
      }
    }
  }

  static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  static Object get(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(field + " can't be read", e);
    }
  }
}
