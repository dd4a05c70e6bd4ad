package dev.caravan.routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.ViewJson;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ApiTableTest {
  private final ApiTable table = new ApiTable(nobody(), request -> () -> "");

  private static ControlPlane nobody() {
    return (ControlPlane)
        Proxy.newProxyInstance(
            ApiTableTest.class.getClassLoader(),
            new Class<?>[] {ControlPlane.class},
            (proxy, method, arguments) -> {
              throw new AssertionError("nobody is asked");
            });
  }

  @Test
  void eachCallIsDocumentedAndNoOther() throws IOException {
    Set<String> documented = new TreeSet<>();
    try (InputStream text = ApiTable.class.getResourceAsStream("openapi.json")) {
      JsonNode paths = ViewJson.mapper().readTree(text).path("paths");
      paths
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .fieldNames()
                      .forEachRemaining(
                          method ->
                              documented.add(
                                  method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    }
    documented.remove("GET /events");

    assertThat(table.calls())
        .extracting(call -> call.method() + " " + call.path())
        .containsExactlyInAnyOrderElementsOf(documented);
  }

  private List<String> at(String path) {
    return table.at(path).stream().map(call -> call.method() + " " + call.path()).toList();
  }

  @Test
  void pathFindsItsCalls() {
    assertThat(at("/api/v1/runs")).containsExactly("GET /runs", "POST /runs");
    assertThat(at("/api/v1/runs/")).containsExactly("GET /runs", "POST /runs");
    assertThat(at("/api/v1/backfills/7")).containsExactly("GET /backfills/{id}");
    assertThat(at("/api/v1/backfills/plan")).containsExactly("POST /backfills/plan");
    assertThat(at("/api/v1/runs/marts/2026-01-02/1"))
        .containsExactly("GET /runs/{pipeline}/{date}/{attempt}");
    assertThat(at("/api/v1")).isEmpty();
    assertThat(at("/api/v1/runs/marts")).isEmpty();
    assertThat(at("/runs")).isEmpty();
    assertThat(at("/api/v1runs")).isEmpty();
  }
}
