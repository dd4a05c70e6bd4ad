package dev.caravan.routes.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.routes.operations.Asker;
import dev.caravan.routes.operations.BackfillRequest;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunRequest;
import dev.caravan.routes.operations.ViewJson;
import dev.caravan.shared.http.Rights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The calls of the API: what the routes answer, the filter lets in, and the document describes. */
final class ApiTable {
  static final String ROOT = "/api/v1";

  /** Answered by {@link EventStream}, since Camel would hold its events back. */
  static final String EVENTS = ROOT + "/events";

  private static final String RUN = "/runs/{pipeline}/{date}/{attempt}";
  private static final long USUAL_LINES = 100;

  private final ControlPlane controlPlane;
  private final List<ApiCall> calls;

  /**
   * @param service what the server says of itself
   */
  ApiTable(ControlPlane controlPlane, ApiCall.Answer service) {
    this.controlPlane = controlPlane;
    JsonNode document = document();
    this.calls =
        List.of(
            read("/server", service),
            read("/openapi.json", request -> () -> document),
            read("/pipelines", request -> () -> Map.of("items", controlPlane.pipelines())),
            read("/pipelines/{pipeline}", request -> () -> controlPlane.pipeline(request.path(0))),
            act(
                "/pipelines/{pipeline}/pause",
                (request, asker) -> controlPlane.pause(request.path(0), asker)),
            action("/pipelines/{pipeline}/resume", this::resume),
            read("/runs", this::runs),
            action("/runs", this::run),
            read(RUN, request -> () -> controlPlane.run(request.run())),
            act(RUN + "/repair", (request, asker) -> controlPlane.repair(request.run(), asker)),
            act(RUN + "/cancel", (request, asker) -> controlPlane.cancel(request.run(), asker)),
            read(RUN + "/jobs/{job}/log", this::log),
            read("/clusters", request -> () -> Map.of("items", controlPlane.clusters())),
            read("/clusters/{cluster}", request -> () -> controlPlane.cluster(request.path(0))),
            act(
                "/clusters/{cluster}/stop",
                (request, asker) -> controlPlane.stopCluster(request.path(0), asker)),
            read("/sessions", this::sessions),
            read("/sessions/{id}", request -> () -> controlPlane.session(request.id(0))),
            read("/backfills", this::backfills),
            action("/backfills", this::backfill),
            new ApiCall("POST", "/backfills/plan", Rights.READ, false, this::plan),
            read("/backfills/{id}", request -> () -> controlPlane.backfill(request.id(0))),
            act(
                "/backfills/{id}/pause",
                (request, asker) -> controlPlane.pauseBackfill(request.id(0), asker)),
            act(
                "/backfills/{id}/resume",
                (request, asker) -> controlPlane.resumeBackfill(request.id(0), asker)),
            act(
                "/backfills/{id}/cancel",
                (request, asker) -> controlPlane.cancelBackfill(request.id(0), asker)),
            read("/alarms", request -> () -> Map.of("items", controlPlane.alarms())),
            read("/cost", this::cost),
            new ApiCall("POST", "/journal/backups", Rights.ADMIN, true, this::backupJournal));
  }

  private static ApiCall read(String path, ApiCall.Answer answer) {
    return new ApiCall("GET", path, Rights.READ, false, answer);
  }

  private static ApiCall action(String path, ApiCall.Answer answer) {
    return new ApiCall("POST", path, Rights.OPERATE, true, answer);
  }

  /** An action of which the body says no more than a note. */
  private static ApiCall act(String path, BiFunction<ApiRequest, Asker, Object> action) {
    return action(
        path,
        request -> {
          Asker asker = request.asker();
          return () -> action.apply(request, asker);
        });
  }

  /** The OpenAPI document of these calls. */
  private static JsonNode document() {
    try (InputStream text = ApiTable.class.getResourceAsStream("openapi.json")) {
      return ViewJson.mapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<ApiCall> calls() {
    return calls;
  }

  /** The calls that a path has, by their methods; none: there is nothing at this path. */
  List<ApiCall> at(String path) {
    if (!path.startsWith(ROOT + "/")) {
      return List.of();
    }
    List<String> segments = ApiCall.segments(path.substring(ROOT.length()));
    List<ApiCall> found = calls.stream().filter(call -> call.match(segments).isPresent()).toList();
    // "/backfills/plan" is one of "/backfills/{id}", too: what is spelt out comes first.
    Optional<ApiCall> literal =
        found.stream().filter(call -> call.path().indexOf('{') < 0).findFirst();
    return literal
        .map(first -> found.stream().filter(call -> call.path().equals(first.path())).toList())
        .orElse(found);
  }

  private Supplier<Object> resume(ApiRequest request) {
    CatchUp catchUp = request.body().word("catchUp", CatchUp.class, CatchUp.NONE);
    Asker asker = request.asker();
    return () -> controlPlane.resume(request.path(0), catchUp, asker);
  }

  private Supplier<Object> runs(ApiRequest request) {
    ApiQuery query = request.query();
    RunFilter filter =
        new RunFilter(
            query.find("pipeline"),
            query.find("from").map(text -> ApiText.date("The parameter 'from'", text)),
            query.find("to").map(text -> ApiText.date("The parameter 'to'", text)),
            query.find("state").map(ApiTable::states).orElse(Set.of()),
            request.number("backfill", 0, Long.MAX_VALUE));
    PageRequest page = request.page();
    return () -> controlPlane.runs(filter, page);
  }

  private static Set<RunState> states(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(word -> ApiText.word("The parameter 'state'", word, RunState.class))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Supplier<Object> run(ApiRequest request) {
    ApiBody body = request.body();
    RunRequest wanted =
        new RunRequest(body.required("pipeline"), body.date("date"), body.yes("again"));
    Asker asker = request.asker();
    return () -> controlPlane.run(wanted, asker);
  }

  private Supplier<Object> log(ApiRequest request) {
    LogRequest wanted =
        new LogRequest(
            request.run(),
            request.path(3),
            request.number("attempt", 1, Integer.MAX_VALUE).map(Long::intValue),
            request.number("from", -1, Integer.MAX_VALUE).orElse(-1L).intValue(),
            request.number("size", 1, LogRequest.MOST).orElse(USUAL_LINES).intValue());
    return () -> controlPlane.log(wanted);
  }

  private Supplier<Object> sessions(ApiRequest request) {
    Optional<String> cluster = request.query().find("cluster");
    PageRequest page = request.page();
    return () -> controlPlane.sessions(cluster, page);
  }

  private Supplier<Object> backfills(ApiRequest request) {
    Optional<String> pipeline = request.query().find("pipeline");
    PageRequest page = request.page();
    return () -> controlPlane.backfills(pipeline, page);
  }

  private Supplier<Object> cost(ApiRequest request) {
    Optional<YearMonth> month =
        request.query().find("month").map(text -> ApiText.month("The parameter 'month'", text));
    return () -> controlPlane.cost(month);
  }

  private Supplier<Object> backupJournal(ApiRequest request) {
    Asker asker = request.asker();
    return () -> controlPlane.backupJournal(asker);
  }

  private Supplier<Object> plan(ApiRequest request) {
    BackfillRequest wanted = backfillRequest(request.body());
    // What is planned may be sent as it is to be begun.
    request.asker();
    return () -> controlPlane.planBackfill(wanted);
  }

  private Supplier<Object> backfill(ApiRequest request) {
    BackfillRequest wanted = backfillRequest(request.body());
    Asker asker = request.asker();
    return () -> controlPlane.backfill(wanted, asker);
  }

  private static BackfillRequest backfillRequest(ApiBody body) {
    return new BackfillRequest(
        body.required("pipeline"),
        body.requiredDate("from"),
        body.requiredDate("to"),
        body.word("only", BackfillPlan.Only.class, BackfillPlan.Only.UNFINISHED),
        body.yes("newestFirst"));
  }
}
