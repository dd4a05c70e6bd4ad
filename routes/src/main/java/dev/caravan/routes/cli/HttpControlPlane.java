package dev.caravan.routes.cli;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.routes.api.ServerView;
import dev.caravan.routes.operations.AlarmView;
import dev.caravan.routes.operations.Asker;
import dev.caravan.routes.operations.BackfillPlanView;
import dev.caravan.routes.operations.BackfillRequest;
import dev.caravan.routes.operations.BackfillStarted;
import dev.caravan.routes.operations.BackfillView;
import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.CostView;
import dev.caravan.routes.operations.JournalBackupView;
import dev.caravan.routes.operations.ListPage;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.LogView;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.routes.operations.RunAsked;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunRequest;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.SessionView;
import dev.caravan.routes.operations.ViewJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A server's control plane, over its API. For use by many threads. */
final class HttpControlPlane implements ControlPlane {
  private static final TypeFactory TYPES = ViewJson.mapper().getTypeFactory();

  private final ApiConnection api;

  HttpControlPlane(ApiConnection api) {
    this.api = api;
  }

  /** What the server says of itself. */
  ServerView server() {
    return api.get("/server", type(ServerView.class));
  }

  private static JavaType type(Class<?> view) {
    return TYPES.constructType(view);
  }

  private static JavaType pageOf(Class<?> view) {
    return TYPES.constructParametricType(ListPage.class, view);
  }

  /** A part of a path. */
  private static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A query of those that have a value. */
  private static String query(Map<String, Optional<?>> values) {
    return values.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .map(entry -> entry.getKey() + "=" + part(entry.getValue().get().toString()))
        .collect(Collectors.joining("&", "?", ""));
  }

  private static String query(PageRequest page, String name, Optional<?> value) {
    Map<String, Optional<?>> values = new LinkedHashMap<>();
    values.put(name, value);
    return query(paged(values, page));
  }

  private static Map<String, Optional<?>> paged(Map<String, Optional<?>> values, PageRequest page) {
    values.put("limit", Optional.of(page.limit()));
    values.put("cursor", page.cursor());
    return values;
  }

  private static String runPath(String id) {
    String[] parts = id.split("/", -1);
    if (parts.length != 3) {
      throw new OperationException(
          OperationException.Reason.NOT_FOUND, "There is no run " + id + ".");
    }
    return "/runs/"
        + Arrays.stream(parts).map(HttpControlPlane::part).collect(Collectors.joining("/"));
  }

  private <T> List<T> items(String path, Class<T> view) {
    ListPage<T> page = api.get(path, pageOf(view));
    return page.items();
  }

  @Override
  public List<PipelineView> pipelines() {
    return items("/pipelines", PipelineView.class);
  }

  @Override
  public PipelineView pipeline(String name) {
    return api.get("/pipelines/" + part(name), type(PipelineView.class));
  }

  @Override
  public ListPage<RunView> runs(RunFilter filter, PageRequest page) {
    Map<String, Optional<?>> values = new LinkedHashMap<>();
    values.put("pipeline", filter.pipeline());
    values.put("from", filter.from());
    values.put("to", filter.to());
    values.put(
        "state",
        Optional.of(filter.states().stream().map(Enum::name).collect(Collectors.joining(",")))
            .filter(text -> !text.isEmpty()));
    values.put("backfill", filter.backfillId());
    return api.get("/runs" + query(paged(values, page)), pageOf(RunView.class));
  }

  @Override
  public RunDetail run(String id) {
    return api.get(runPath(id), type(RunDetail.class));
  }

  @Override
  public LogView log(LogRequest request) {
    Map<String, Optional<?>> values = new LinkedHashMap<>();
    values.put("attempt", request.attempt());
    values.put("from", Optional.of(Math.max(-1, request.from())));
    values.put("size", Optional.of(request.size()));
    return api.get(
        runPath(request.run()) + "/jobs/" + part(request.job()) + "/log" + query(values),
        type(LogView.class));
  }

  @Override
  public List<ClusterView> clusters() {
    return items("/clusters", ClusterView.class);
  }

  @Override
  public ClusterView cluster(String name) {
    return api.get("/clusters/" + part(name), type(ClusterView.class));
  }

  @Override
  public ListPage<SessionView> sessions(Optional<String> cluster, PageRequest page) {
    return api.get("/sessions" + query(page, "cluster", cluster), pageOf(SessionView.class));
  }

  @Override
  public SessionView session(long id) {
    return api.get("/sessions/" + id, type(SessionView.class));
  }

  @Override
  public ListPage<BackfillView> backfills(Optional<String> pipeline, PageRequest page) {
    return api.get("/backfills" + query(page, "pipeline", pipeline), pageOf(BackfillView.class));
  }

  @Override
  public BackfillView backfill(long id) {
    return api.get("/backfills/" + id, type(BackfillView.class));
  }

  @Override
  public BackfillPlanView planBackfill(BackfillRequest request) {
    return api.ask("/backfills/plan", request, type(BackfillPlanView.class));
  }

  @Override
  public List<AlarmView> alarms() {
    return items("/alarms", AlarmView.class);
  }

  @Override
  public CostView cost(Optional<YearMonth> month) {
    return api.get("/cost" + query(Map.of("month", month)), type(CostView.class));
  }

  /** The note alone, or together with what else the action takes. */
  private static Map<String, Object> body(Asker asker) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("note", asker.note());
    return body;
  }

  private <T> T act(String path, Map<String, Object> body, Asker asker, Class<T> view) {
    return api.act(path, body, asker.name(), type(view));
  }

  private <T> T act(String path, Asker asker, Class<T> view) {
    return act(path, body(asker), asker, view);
  }

  @Override
  public RunAsked run(RunRequest request, Asker asker) {
    Map<String, Object> body = body(asker);
    body.put("pipeline", request.pipeline());
    request.date().ifPresent(date -> body.put("date", date));
    body.put("again", request.again());
    return act("/runs", body, asker, RunAsked.class);
  }

  @Override
  public RunAsked repair(String runId, Asker asker) {
    return act(runPath(runId) + "/repair", asker, RunAsked.class);
  }

  @Override
  public RunView cancel(String runId, Asker asker) {
    return act(runPath(runId) + "/cancel", asker, RunView.class);
  }

  @Override
  public BackfillStarted backfill(BackfillRequest request, Asker asker) {
    Map<String, Object> body = body(asker);
    body.put("pipeline", request.pipeline());
    body.put("from", request.from());
    body.put("to", request.to());
    body.put("only", request.only());
    body.put("newestFirst", request.newestFirst());
    return act("/backfills", body, asker, BackfillStarted.class);
  }

  @Override
  public BackfillView pauseBackfill(long id, Asker asker) {
    return act("/backfills/" + id + "/pause", asker, BackfillView.class);
  }

  @Override
  public BackfillView resumeBackfill(long id, Asker asker) {
    return act("/backfills/" + id + "/resume", asker, BackfillView.class);
  }

  @Override
  public BackfillView cancelBackfill(long id, Asker asker) {
    return act("/backfills/" + id + "/cancel", asker, BackfillView.class);
  }

  @Override
  public PipelineView pause(String pipeline, Asker asker) {
    return act("/pipelines/" + part(pipeline) + "/pause", asker, PipelineView.class);
  }

  @Override
  public PipelineView resume(String pipeline, CatchUp catchUp, Asker asker) {
    Map<String, Object> body = body(asker);
    body.put("catchUp", catchUp);
    return act("/pipelines/" + part(pipeline) + "/resume", body, asker, PipelineView.class);
  }

  @Override
  public ClusterView stopCluster(String name, Asker asker) {
    return act("/clusters/" + part(name) + "/stop", asker, ClusterView.class);
  }

  @Override
  public JournalBackupView backupJournal(Asker asker) {
    return act("/journal/backups", asker, JournalBackupView.class);
  }

  /** Each request has a connection of its own, which the JDK keeps or closes. */
  @Override
  public void close() {}
}
