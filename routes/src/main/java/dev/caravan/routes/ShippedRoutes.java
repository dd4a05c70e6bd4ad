package dev.caravan.routes;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnCompletionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** The routes in the jar, and which of them must be there even where a user has routes instead. */
final class ShippedRoutes {
  /** The template of the routes that open sessions, one for each cluster. */
  static final String DISPATCH = "dispatch";

  /** Without these the promises don't hold, whatever a user's own routes are. Each has its file. */
  private static final List<String> REQUIRED =
      List.of(
          "pipelines",
          "schedule",
          "session",
          "run-date",
          "run-jobs",
          "ready-cluster",
          "run-job",
          "verify-output",
          "stop-cluster",
          "stop-failed",
          "reconcile",
          "reconcile-schedule",
          "notify",
          "notify-schedule",
          "ping-server",
          "traces",
          "traces-schedule");

  /** The files with what is no route. */
  private static final List<String> OTHER_FILES = List.of(DISPATCH, "failures", "stop-guarantee");

  private ShippedRoutes() {}

  /**
   * Their files, by name: looking for a pattern makes Camel decompress the whole jar, several
   * times.
   */
  static String includePattern() {
    return Stream.concat(OTHER_FILES.stream(), REQUIRED.stream())
        .map(file -> "classpath:camel/" + file + ".camel.yaml")
        .collect(Collectors.joining(","));
  }

  /**
   * Whether all that must be loaded is, the shipped routes or a user's own in their place.
   *
   * @throws IllegalStateException if not, with a sentence for the user
   */
  static void check(CamelContext camel) {
    List<String> missing = REQUIRED.stream().filter(id -> camel.getRoute(id) == null).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "Routes are missing: "
              + missing
              + " (loaded: "
              + camel.getRoutes().stream().map(Route::getId).toList()
              + "). A route file that is excluded by caravan.routes.exclude must be replaced by one with the same route id.");
    }
    if (!hasTemplate(camel)) {
      throw new IllegalStateException(
          "The route template 'dispatch' is missing, from which the route of each cluster is made.");
    }
    if (!hasGuarantee(camel)) {
      throw new IllegalStateException(
          "The route 'session' has no stop guarantee: it must refer to the routeConfiguration 'stop-guarantee', and that must be loaded."
              + " Without it a failed run would leave the cluster running.");
    }
  }

  private static boolean hasTemplate(CamelContext camel) {
    return camel
        .getCamelContextExtension()
        .getContextPlugin(Model.class)
        .getRouteTemplateDefinitions()
        .stream()
        .anyMatch(template -> DISPATCH.equals(template.getId()));
  }

  /**
   * Whether the session, and no other route, ends with the call of the stop route and nothing else.
   */
  private static boolean hasGuarantee(CamelContext camel) {
    List<String> guarded =
        camel
            .getCamelContextExtension()
            .getContextPlugin(Model.class)
            .getRouteDefinitions()
            .stream()
            .filter(route -> route.getOutputs().stream().anyMatch(ShippedRoutes::callsTheStopAlone))
            .map(RouteDefinition::getRouteId)
            .toList();
    return guarded.equals(List.of("session"));
  }

  private static boolean callsTheStopAlone(ProcessorDefinition<?> step) {
    return step instanceof OnCompletionDefinition block
        && block.getOutputs().size() == 1
        && block.getOutputs().get(0) instanceof ToDefinition to
        && "direct:stop-cluster".equals(to.getUri());
  }
}
