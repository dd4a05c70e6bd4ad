package dev.caravan.routes;

import dev.caravan.processors.steps.RunContext;
import dev.caravan.shared.settings.Nearest;
import dev.caravan.shared.settings.SettingsException;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.LineNumberAware;
import org.apache.camel.model.Model;
import org.apache.camel.model.RemovePropertiesDefinition;
import org.apache.camel.model.RemovePropertyDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.language.ExchangePropertyExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.RefExpression;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PatternHelper;

/**
 * Checks, before the first route starts, that what the routes name exists: each exchange property
 * that a Simple expression reads, each question that it asks {@link ContextQuestions}, each bean
 * that a route refers to. Camel evaluates an unknown property to null, which would make a loop
 * endless.
 *
 * <p>Not checked are headers and variables, which come from anywhere, and other languages.
 */
final class RouteReferences {
  private static final Set<String> SIMPLE = Set.of("simple", "csimple", "file");

  /** What a {@code Ref} attribute names that is no bean. */
  private static final Set<String> NO_BEANS = Set.of("routeTemplateRef", "executorServiceRef");

  private static final Pattern PROPERTY =
      Pattern.compile("exchangeProperty(?:\\?|\\.|:|(?=\\[))+(.*)", Pattern.DOTALL);
  private static final Pattern KEY = Pattern.compile("\\[['\"]?([^]'\"]*)['\"]?]|([^.?\\[]+)");
  private static final Pattern BEAN = Pattern.compile("(?:bean|ref):([^.?:]+).*", Pattern.DOTALL);

  /** Stands for a part of a name that is only known at run time. */
  private static final String DYNAMIC = "*";

  private final CamelContext camel;
  private final Set<String> ownProperties = new HashSet<>();
  private final Set<String> problems = new TreeSet<>();
  private String file = "";
  private String route = "";
  private String line = "";

  private RouteReferences(CamelContext camel) {
    this.camel = camel;
  }

  /**
   * Checks all routes and route configurations that are loaded.
   *
   * @throws SettingsException naming file, route, and the nearest name of each that doesn't exist
   */
  static void check(CamelContext camel) {
    new RouteReferences(camel).check();
  }

  private void check() {
    // Before the routes: each may read what another one sets.
    forEachDefinition(definition -> DefinitionWalk.visit(definition, this::learn));
    forEachDefinition(definition -> DefinitionWalk.visit(definition, this::checkDefinition));
    if (!problems.isEmpty()) {
      throw new SettingsException(String.join(System.lineSeparator(), problems));
    }
  }

  private void forEachDefinition(Consumer<Object> action) {
    Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteConfigurationDefinition each : model.getRouteConfigurationDefinitions()) {
      begin(each.getResource(), "routeConfiguration " + each.getId());
      action.accept(each);
    }
    for (RouteTemplateDefinition each : model.getRouteTemplateDefinitions()) {
      begin(each.getResource(), "routeTemplate " + each.getId());
      action.accept(each);
    }
    for (RouteDefinition each : model.getRouteDefinitions()) {
      begin(each.getResource(), "route " + each.getRouteId());
      action.accept(each);
    }
  }

  private void begin(Resource resource, String name) {
    file = resource == null ? "" : resource.getLocation();
    route = name;
    line = "";
  }

  private void learn(Object definition) {
    if (definition instanceof SetPropertyDefinition set) {
      ownProperties.add(resolve(set.getName()));
    }
  }

  private void checkDefinition(Object definition) {
    if (definition instanceof LineNumberAware step && step.getLineNumber() > 0) {
      line = ", line " + step.getLineNumber();
      file = Optional.ofNullable(step.getLocation()).orElse(file);
    }
    checkThatTheContextStays(definition);
    if (definition instanceof ExpressionDefinition expression) {
      checkExpression(expression);
    }
    for (Field field : DefinitionWalk.fields(definition.getClass())) {
      if (field.getType() == String.class
          && DefinitionWalk.get(field, definition) instanceof String text) {
        if (isBean(field)) {
          checkBeans(text);
        } else if (!(definition instanceof ExpressionDefinition)) {
          checkSimple(text);
        }
      }
    }
  }

  private void checkThatTheContextStays(Object definition) {
    for (String context : ContextQuestions.properties().keySet()) {
      boolean lost =
          definition instanceof SetPropertyDefinition set && isNamed(set.getName(), context)
              || definition instanceof RemovePropertyDefinition remove
                  && isNamed(remove.getName(), context)
              || context.equals(RunContext.PROPERTY)
                  && definition instanceof RemovePropertiesDefinition removeAll
                  && removes(removeAll, context);
      if (lost) {
        refuse(
            "the exchange property '%s' belongs to Caravan and can be neither set nor removed."
                .formatted(context));
      }
    }
  }

  private boolean removes(RemovePropertiesDefinition removal, String context) {
    boolean excluded =
        removal.getExcludePattern() != null
                && PatternHelper.matchPattern(context, resolve(removal.getExcludePattern()))
            || removal.getExcludePatterns() != null
                && PatternHelper.isExcludePatternMatch(context, removal.getExcludePatterns());
    return PatternHelper.matchPattern(context, resolve(removal.getPattern())) && !excluded;
  }

  private boolean isNamed(String name, String context) {
    return context.equals(resolve(name));
  }

  private void checkExpression(ExpressionDefinition expression) {
    String text = expression.getExpression();
    if (expression instanceof RefExpression) {
      checkBean(text, text);
    } else if (expression instanceof ExchangePropertyExpression) {
      checkFunction(text, "exchangeProperty." + text);
    } else if (text != null && SIMPLE.contains(expression.getLanguage())) {
      checkSimple(text);
    }
  }

  private void checkBeans(String names) {
    for (String name : names.split(",")) {
      checkBean(names, name.trim());
    }
  }

  /** Camel marks most attributes that name a bean by the type that the bean has. */
  private static boolean isBean(Field field) {
    String name = field.getName();
    Metadata metadata = field.getAnnotation(Metadata.class);
    String type = metadata == null ? "" : metadata.javaType();
    return name.equals("ref")
        || (name.endsWith("Ref") && !NO_BEANS.contains(name))
        || type.equals("org.apache.camel.AggregationStrategy")
        || type.equals("org.apache.camel.Processor")
        || type.equals("java.util.Comparator")
        || type.equals("org.apache.camel.spi.IdempotentRepository")
        || type.equals("org.apache.camel.spi.AggregationRepository");
  }

  private void checkSimple(String text) {
    for (String function : functions(resolve(text))) {
      checkFunction(text, function);
    }
  }

  private void checkFunction(String text, String function) {
    Matcher property = PROPERTY.matcher(function);
    Matcher bean = BEAN.matcher(function);
    if (property.matches()) {
      checkProperty(text, property.group(1));
    } else if (bean.matches() && !bean.group(1).equals("type")) {
      checkBean(text, bean.group(1));
    }
  }

  private void checkProperty(String text, String path) {
    List<String> names = new ArrayList<>();
    Matcher key = KEY.matcher(path);
    while (key.find()) {
      names.add(Optional.ofNullable(key.group(1)).orElse(key.group(2)).trim());
    }
    if (names.isEmpty() || path.contains(DYNAMIC) || ownProperties.contains(path)) {
      return;
    }
    String first = names.get(0);
    if (ContextQuestions.properties().containsKey(first)) {
      checkQuestion(text, names);
    } else if (!ownProperties.contains(first) && !isCamels(first)) {
      refuse(
          "\"%s\" reads the exchange property '%s', which nothing sets%s"
              .formatted(text, first, suggestion(first, readable())));
    }
  }

  private void checkQuestion(String text, List<String> names) {
    String path = names.get(0);
    Class<?> context = ContextQuestions.properties().get(path);
    for (String name : names.subList(1, names.size())) {
      String question = name.replaceFirst("\\(\\s*\\)$", "");
      Map<String, Class<?>> questions = ContextQuestions.of(context);
      if (!questions.containsKey(question)) {
        refuse(
            "\"%s\" asks for '%s.%s', which '%s' does not answer%s"
                .formatted(
                    text, path, question, path, suggestion(question, ContextQuestions.all())));
        return;
      }
      context = questions.get(question);
      path += "." + question;
      if (!ContextQuestions.isContext(context)) {
        return;
      }
    }
  }

  private void checkBean(String text, String reference) {
    String name = resolve(reference).replaceFirst("^#(bean:)?", "");
    if (name.isEmpty()
        || name.contains(DYNAMIC)
        || name.contains("{{")
        || name.matches("(class|type|valueAs)[:(].*")
        || camel.getRegistry().lookupByName(name) != null
        || camel.getClassResolver().resolveClass(name) != null) {
      return;
    }
    Set<String> beans = camel.getRegistry().findByTypeWithName(Object.class).keySet();
    refuse(
        "\"%s\" refers to the bean '%s', which does not exist%s"
            .formatted(text, name, suggestion(name, beans)));
  }

  private void refuse(String sentence) {
    problems.add((file.isEmpty() ? "" : file + ", ") + route + line + ": " + sentence);
  }

  private Set<String> readable() {
    Set<String> names = new TreeSet<>(ownProperties);
    names.addAll(ContextQuestions.properties().keySet());
    names.addAll(ContextQuestions.all());
    return names;
  }

  /** By the whole name, or by its last part. */
  private static String suggestion(String word, Collection<String> known) {
    Map<String, String> byLastPart = new TreeMap<>();
    known.forEach(name -> byLastPart.put(name.substring(name.lastIndexOf('.') + 1), name));
    return Nearest.to(word, known)
        .or(() -> Nearest.to(word, byLastPart.keySet()).map(byLastPart::get))
        .map(near -> ": did you mean " + near + "?")
        .orElse(".");
  }

  /** Components add to Camel's own names, so that only a near miss of one is refused. */
  private static boolean isCamels(String name) {
    if (!name.startsWith("Camel")) {
      return false;
    }
    Set<String> known = new HashSet<>();
    for (ExchangePropertyKey key : ExchangePropertyKey.values()) {
      known.add(key.getName());
    }
    for (Field field : Exchange.class.getFields()) {
      if (field.getType() == String.class) {
        known.add((String) DefinitionWalk.get(field, null));
      }
    }
    return known.contains(name) || Nearest.to(name, known).isEmpty();
  }

  private String resolve(String text) {
    if (text == null) {
      return "";
    }
    try {
      return camel.resolvePropertyPlaceholders(text);
    } catch (IllegalArgumentException e) {
      // The parameter of a template, or a key that Camel itself will refuse.
      return text;
    }
  }

  /** What stands between {@code ${} and <code>}</code>; of an inner function, before the outer. */
  static List<String> functions(String text) {
    List<String> found = new ArrayList<>();
    Deque<StringBuilder> open = new ArrayDeque<>();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        open.push(new StringBuilder());
        i++;
      } else if (text.startsWith("$simple{", i)) {
        open.push(new StringBuilder());
        i += "$simple{".length() - 1;
      } else if (text.charAt(i) == '}' && !open.isEmpty()) {
        found.add(open.pop().toString().trim());
        if (!open.isEmpty()) {
          open.peek().append(DYNAMIC);
        }
      } else if (!open.isEmpty()) {
        open.peek().append(text.charAt(i));
      }
    }
    return found;
  }
}
