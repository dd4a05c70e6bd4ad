package dev.caravan.endpoint.http;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchRecord;
import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.shared.batches.PagedLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The protocol's view of a batch; Livy's keys first, ours after them. */
final class BatchView {
  private static final int LAST_LINES = 10;
  private static final String TOO_MUCH =
      "[cut: the logs before this one fill this response; request this batch alone]";

  private final Optional<ResourceManager> yarn;

  BatchView(Optional<ResourceManager> yarn) {
    this.yarn = yarn;
  }

  /** A page of batches; what their logs take together is bounded. */
  List<Map<String, Object>> of(List<Batch> batches) {
    List<Map<String, Object>> page = new ArrayList<>();
    int budget = PagedLog.PAGE_BUDGET;
    for (Batch batch : batches) {
      List<String> log = budget > 0 ? lastLines(batch) : List.of(TOO_MUCH);
      budget -= log.stream().mapToInt(String::length).sum();
      page.add(of(batch, log));
    }
    return page;
  }

  Map<String, Object> of(Batch batch) {
    return of(batch, lastLines(batch));
  }

  private static List<String> lastLines(Batch batch) {
    return List.copyOf(batch.log().page(-1, LAST_LINES).lines());
  }

  private Map<String, Object> of(Batch batch, List<String> log) {
    BatchRecord record = batch.record();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", record.id());
    json.put("name", record.name().orElse(null));
    json.put("owner", record.owner());
    json.put("proxyUser", record.proxyUser().orElse(null));
    json.put("state", batch.state().wire());
    json.put("appId", batch.applicationId().orElse(null));
    Map<String, Object> links = new LinkedHashMap<>();
    links.put("driverLogUrl", null);
    links.put("sparkUiUrl", batch.applicationId().flatMap(this::page).orElse(null));
    links.put("executorLogUrls", null);
    json.put("appInfo", links);
    json.put("log", log);
    json.put("tag", record.tag());
    json.put("acceptedAt", record.acceptedAt().toString());
    json.put("startedAt", batch.startedAt().map(Object::toString).orElse(null));
    json.put("logAddress", record.logAddress().map(Object::toString).orElse(null));
    batch.watched().ifPresent(sight -> json.put("applicationWatch", sight.name()));
    json.put("summary", batch.summary().orElse(null));
    batch
        .outcome()
        .ifPresent(
            outcome -> {
              json.put("endedAt", outcome.endedAt().toString());
              json.put(
                  "exitCode",
                  outcome.exitCode().isPresent() ? outcome.exitCode().getAsInt() : null);
              json.put("reason", outcome.reason());
            });
    return json;
  }

  private Optional<String> page(String application) {
    return yarn.map(manager -> manager.page(application).toString());
  }
}
