package dev.caravan.endpoint.http;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchRegistry;
import dev.caravan.endpoint.page.EndpointPage;
import dev.caravan.shared.page.PageFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/** The paths that a browser is shown a page at; any other client gets the protocol's JSON there. */
public final class PageCalls {
  private static final String HTML = "text/html";

  /** Nothing but this endpoint's own style and icon: no script, and no form. */
  private static final Map<String, String> SECURITY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Vary",
          "Accept");

  private final BatchCalls batches;
  private final ServiceCalls service;
  private final BatchRegistry registry;
  private final EndpointPage page;

  /** One for all requests; thread-safe. */
  public PageCalls(
      BatchCalls batches, ServiceCalls service, BatchRegistry registry, EndpointPage page) {
    this.batches = batches;
    this.service = service;
    this.registry = registry;
    this.page = page;
  }

  /** GET /, and POST / of those who try a connection. */
  public Response home(Exchange exchange) {
    return new Request(exchange).prefers(HTML)
        ? html(page.list(registry.listed()))
        : service.hello();
  }

  /** GET /batches/{id or name}; a page's {@code from} is the first line of the log to show. */
  public Response batch(Exchange exchange) {
    Request request = new Request(exchange);
    if (!request.prefers(HTML)) {
      return batches.show(exchange);
    }
    Batch batch = batches.find(exchange);
    return html(page.batch(batch, EndpointPage.log(batch, request.number("from", -1))));
  }

  /** GET /page.css and /icon.svg. */
  public Response file(Exchange exchange) {
    String path = new Request(exchange).path();
    PageFile file =
        Arrays.stream(PageFile.values())
            .filter(each -> path.equals("/" + each.fileName()))
            .findFirst()
            .orElseThrow(() -> new NotFoundException("There is no " + path + "."));
    return new Response(200, SECURITY, new Response.Content(file.type(), file.read()));
  }

  private static Response html(String text) {
    Map<String, String> headers = new LinkedHashMap<>(SECURITY);
    headers.put("Cache-Control", "no-store");
    return new Response(
        200,
        headers,
        new Response.Content(HTML + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8)));
  }
}
