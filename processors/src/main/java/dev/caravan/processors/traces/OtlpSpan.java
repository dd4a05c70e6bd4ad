package dev.caravan.processors.traces;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A span as OpenTelemetry's exporter takes it. */
final class OtlpSpan implements SpanData {
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("caravan");

  private final String traceId;
  private final TraceSpan span;
  private final Resource resource;
  private final Attributes attributes;

  OtlpSpan(String traceId, TraceSpan span, Resource resource) {
    this.traceId = traceId;
    this.span = span;
    this.resource = resource;
    this.attributes = attributes(span);
  }

  private static Attributes attributes(TraceSpan span) {
    AttributesBuilder builder = Attributes.builder();
    span.attributes()
        .forEach(
            (name, value) -> {
              if (value instanceof Long number) {
                builder.put(name, number);
              } else if (value instanceof Boolean yes) {
                builder.put(name, yes);
              } else {
                builder.put(name, value.toString());
              }
            });
    return builder.build();
  }

  private SpanContext context(String spanId) {
    return SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  @Override
  public String getName() {
    return span.name();
  }

  @Override
  public SpanKind getKind() {
    return SpanKind.INTERNAL;
  }

  @Override
  public SpanContext getSpanContext() {
    return context(span.id());
  }

  @Override
  public SpanContext getParentSpanContext() {
    return span.parentId().map(this::context).orElse(SpanContext.getInvalid());
  }

  @Override
  public StatusData getStatus() {
    return span.failure()
        .map(why -> StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, why))
        .orElse(StatusData.unset());
  }

  @Override
  public long getStartEpochNanos() {
    return nanos(span.from());
  }

  @Override
  public long getEndEpochNanos() {
    return nanos(span.until());
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public List<EventData> getEvents() {
    return List.of();
  }

  @Override
  public List<LinkData> getLinks() {
    return List.of();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return 0;
  }

  @Override
  public int getTotalRecordedLinks() {
    return 0;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  /** What it was called before the scope. */
  @Override
  @Deprecated
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(
        SCOPE.getName(), SCOPE.getVersion());
  }

  @Override
  public Resource getResource() {
    return resource;
  }
}
