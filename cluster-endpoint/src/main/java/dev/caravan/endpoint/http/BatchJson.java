package dev.caravan.endpoint.http;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchRecord;
import dev.caravan.endpoint.yarn.ResourceManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The protocol's view of a batch; Livy's keys first, ours after them. */
final class BatchJson {
  private static final int LAST_LINES = 10;

  private final Optional<ResourceManager> yarn;

  BatchJson(Optional<ResourceManager> yarn) {
    this.yarn = yarn;
  }

  Map<String, Object> of(Batch batch) {
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
    json.put("log", List.copyOf(batch.log().page(-1, LAST_LINES).lines()));
    json.put("tag", record.tag());
    json.put("acceptedAt", record.acceptedAt().toString());
    json.put("startedAt", batch.startedAt().map(Object::toString).orElse(null));
    json.put("logAddress", record.logAddress().map(Object::toString).orElse(null));
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
