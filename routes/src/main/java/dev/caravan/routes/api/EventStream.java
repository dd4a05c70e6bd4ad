package dev.caravan.routes.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.routes.operations.EventFeed;
import dev.caravan.routes.operations.EventView;
import dev.caravan.routes.operations.ViewJson;
import dev.caravan.shared.http.ErrorFormat;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: whoever comes back names the last event that it has seen and misses none. Not
 * through Camel, which would hold a stream back until 16 KiB are there, and a thread with it. The
 * journal is asked, not this process alone: other orchestrators write there, too.
 */
final class EventStream implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int MOST_READERS = 50;
  private static final int MOST_AT_ONCE = 500;

  /** A comment after so many looks without an event keeps the connection open. */
  private static final int LOOKS_TO_A_COMMENT = 15;

  private final EventFeed feed;
  private final AtomicInteger readers = new AtomicInteger();

  EventStream(EventFeed feed) {
    this.feed = feed;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (!context.request().method().equals(HttpMethod.GET)) {
      response.putHeader("Allow", "GET");
      ErrorFormat.PROBLEM.write(response, 405, "This path takes GET only.");
      return;
    }
    Optional<String> last = Optional.ofNullable(context.request().getHeader("Last-Event-ID"));
    if (last.filter(id -> !id.matches("\\d{1,18}")).isPresent()) {
      ErrorFormat.PROBLEM.write(
          response, 400, "The header Last-Event-ID is not the number of an event.");
      return;
    }
    if (readers.incrementAndGet() > MOST_READERS) {
      readers.decrementAndGet();
      response.putHeader("Retry-After", "10");
      ErrorFormat.PROBLEM.write(
          response, 503, "More than " + MOST_READERS + " clients read the events already.");
      return;
    }
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-cache")
        .putHeader("X-Accel-Buffering", "no")
        .write("retry: 2000\n\n");
    new Reader(context.vertx(), response, last.map(Long::parseLong)).begin();
  }

  /** One client. All but the look at the journal runs on its connection's event loop. */
  private final class Reader {
    private final Vertx vertx;
    private final HttpServerResponse response;
    private Optional<Long> position;
    private boolean looking;
    private int quiet;

    private Reader(Vertx vertx, HttpServerResponse response, Optional<Long> position) {
      this.vertx = vertx;
      this.response = response;
      this.position = position;
    }

    private void begin() {
      long timer = vertx.setPeriodic(1, LOOK.toMillis(), tick -> look());
      response.closeHandler(
          closed -> {
            vertx.cancelTimer(timer);
            readers.decrementAndGet();
          });
    }

    private void look() {
      // A client that does not read is not given more, and one look is under way at a time.
      if (looking || response.closed() || response.writeQueueFull()) {
        return;
      }
      looking = true;
      vertx
          .executeBlocking(this::read, false)
          .onComplete(
              found -> {
                looking = false;
                if (found.succeeded()) {
                  tell(found.result());
                } else {
                  LOG.warn(
                      "The events can't be read, will try again: {}", found.cause().toString());
                }
              });
    }

    private List<EventView> read() {
      if (position.isEmpty()) {
        position = Optional.of(feed.lastEvent());
      }
      return feed.events(position.get(), MOST_AT_ONCE);
    }

    private void tell(List<EventView> events) {
      if (response.closed()) {
        return;
      }
      StringBuilder text = new StringBuilder();
      events.forEach(event -> text.append(frame(event)));
      quiet = events.isEmpty() ? quiet + 1 : 0;
      if (quiet == LOOKS_TO_A_COMMENT) {
        text.append(": nothing new\n\n");
        quiet = 0;
      }
      if (!events.isEmpty()) {
        position = Optional.of(events.get(events.size() - 1).id());
      }
      if (text.length() > 0) {
        response.write(text.toString());
      }
    }
  }

  private static String frame(EventView event) {
    try {
      return "id: "
          + event.id()
          + "\nevent: "
          + event.kind()
          + "\ndata: "
          + ViewJson.mapper().writeValueAsString(event)
          + "\n\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A view is always JSON", e);
    }
  }
}
