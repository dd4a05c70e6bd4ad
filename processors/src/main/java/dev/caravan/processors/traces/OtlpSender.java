package dev.caravan.processors.traces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends traces to a collector, as OTLP over HTTP. Nothing is tried twice here: that is the
 * journal's to decide. For one thread; {@link #close()} waits for nothing.
 */
public final class OtlpSender implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** For one request, from its begin to the answer. */
  private static final Duration REQUEST = Duration.ofSeconds(10);

  /** Collectors take some megabytes at once; a span is a few hundred bytes. */
  private static final int MOST_SPANS = 5_000;

  /**
   * The library's own log, which knows neither our format nor our bounds: what fails is said by
   * whoever calls. Held here, since a logger that nobody holds forgets its level.
   */
  private static final Logger SILENCED = Logger.getLogger("io.opentelemetry");

  static {
    SILENCED.setLevel(Level.OFF);
  }

  private final OtlpHttpSpanExporter exporter;
  private final Resource resource;

  private OtlpSender(OtlpHttpSpanExporter exporter, Resource resource) {
    this.exporter = exporter;
    this.resource = resource;
  }

  /**
   * Ready to send.
   *
   * @param version of Caravan; empty if it isn't known
   * @throws dev.caravan.shared.FatalException if the file of headers or of certificates can't be
   *     used
   */
  public static OtlpSender to(TraceEndpoint endpoint, Optional<String> version) {
    Map<String, String> headers = endpoint.headers();
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.address().toString())
            .setHeaders(() -> headers)
            .setConnectTimeout(CONNECT)
            .setTimeout(REQUEST)
            .setRetryPolicy(null);
    endpoint.certificates().ifPresent(exporter::setTrustedCertificates);
    Attributes service =
        Attributes.builder()
            .put(AttributeKey.stringKey("service.name"), "caravan")
            .put(AttributeKey.stringKey("service.version"), version.orElse("unknown"))
            .build();
    return new OtlpSender(exporter.build(), Resource.create(service));
  }

  /**
   * How the sending failed.
   *
   * @param refused whether the collector will refuse it the next time, too
   * @param words without secrets
   */
  public record Failure(boolean refused, String words) {}

  /**
   * Sends a trace.
   *
   * @return empty if the collector has all of it
   */
  public Optional<Failure> send(String traceId, List<TraceSpan> spans) {
    for (int from = 0; from < spans.size(); from += MOST_SPANS) {
      List<SpanData> part =
          spans.subList(from, Math.min(from + MOST_SPANS, spans.size())).stream()
              .<SpanData>map(span -> new OtlpSpan(traceId, span, resource))
              .toList();
      CompletableResultCode result =
          exporter.export(part).join(REQUEST.toMillis() * 2, TimeUnit.MILLISECONDS);
      if (!result.isSuccess()) {
        return Optional.of(failure(result));
      }
    }
    return Optional.empty();
  }

  private static Failure failure(CompletableResultCode result) {
    Throwable cause = result.getFailureThrowable();
    if (cause instanceof HttpExportException http && http.getResponse() != null) {
      int status = http.getResponse().getStatusCode();
      return new Failure(status == 400 || status == 413 || status == 422, "it answered " + status);
    }
    return new Failure(false, cause == null ? "it did not answer" : innermost(cause).toString());
  }

  private static Throwable innermost(Throwable cause) {
    return cause.getCause() == null ? cause : innermost(cause.getCause());
  }

  @Override
  public void close() {
    exporter.shutdown();
  }
}
