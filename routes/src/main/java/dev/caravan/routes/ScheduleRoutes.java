package dev.caravan.routes;

import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.routes.settings.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that fire the pipelines: one per pipeline with a schedule, made from the route
 * template. A route at work is exchanged once its session has ended. For use by many threads.
 */
final class ScheduleRoutes {
  static final String TEMPLATE = "schedule";
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleRoutes.class);

  private final CamelContext camel;
  private final Map<String, PipelineSchedule> fired = new TreeMap<>();

  ScheduleRoutes(CamelContext camel) {
    this.camel = camel;
  }

  static String idOf(String pipeline) {
    return TEMPLATE + "-" + pipeline;
  }

  /**
   * From here on these pipelines fire, and no others.
   *
   * @throws IllegalStateException if Camel can't start or end a route
   */
  synchronized void follow(List<Pipeline> pipelines) {
    Map<String, PipelineSchedule> wanted =
        pipelines.stream()
            .filter(pipeline -> pipeline.schedule().isPresent())
            .collect(
                Collectors.toMap(Pipeline::name, pipeline -> pipeline.schedule().orElseThrow()));
    for (String pipeline : Set.copyOf(fired.keySet())) {
      if (!fired.get(pipeline).equals(wanted.get(pipeline))) {
        end(pipeline);
      }
    }
    wanted.forEach(
        (pipeline, schedule) -> {
          if (!fired.containsKey(pipeline)) {
            begin(pipeline, schedule);
          }
        });
  }

  private void begin(String pipeline, PipelineSchedule schedule) {
    String id = idOf(pipeline);
    try {
      TemplatedRouteBuilder.builder(camel, TEMPLATE)
          .routeId(id)
          .parameter("pipeline", pipeline)
          .parameter("tick", new Schedule(pipeline, schedule).uri())
          .add();
      camel.getRouteController().startRoute(id);
    } catch (Exception e) {
      throw new IllegalStateException(
          "The schedule of pipeline " + pipeline + " can't be started: " + e.getMessage(), e);
    }
    fired.put(pipeline, schedule);
  }

  private void end(String pipeline) {
    String id = idOf(pipeline);
    if (camel.getInflightRepository().size(id) > 0) {
      LOG.info("The schedule of pipeline {} changes when its session has ended", pipeline);
      return;
    }
    try {
      camel.getRouteController().stopRoute(id);
      camel.removeRoute(id);
    } catch (Exception e) {
      throw new IllegalStateException(
          "The schedule of pipeline " + pipeline + " can't be ended: " + e.getMessage(), e);
    }
    fired.remove(pipeline);
  }
}
