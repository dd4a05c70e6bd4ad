package dev.caravan.routes.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.processors.journal.ApiRequests;
import dev.caravan.processors.journal.ApiRequests.Verdict;
import dev.caravan.routes.operations.BackfillStarted;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunAsked;
import dev.caravan.routes.operations.ViewJson;
import dev.caravan.routes.page.PageActions;
import dev.caravan.shared.Sha256;
import dev.caravan.shared.batches.IdempotencyKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests that the route brings. Lets no Error out. For use by many threads. */
final class ApiProcessor implements Processor, PageActions {
  private static final Logger LOG = LoggerFactory.getLogger(ApiProcessor.class);
  private static final int LONGEST_PART = 200;

  private final ApiTable table;
  private final ApiRequests requests;
  private final ResponseCounts counts;

  ApiProcessor(ApiTable table, ApiRequests requests, ResponseCounts counts) {
    this.table = table;
    this.requests = requests;
    this.counts = counts;
  }

  @Override
  public void process(Exchange exchange) {
    ApiAnswer answer =
        answer(() -> HttpRequest.of(exchange.getMessage()), exchange.getExchangeId());
    counts.count(answer.status());
    write(exchange.getMessage(), answer);
  }

  @Override
  public Outcome act(Action action) {
    ApiAnswer answer = answer(() -> HttpRequest.of(action), action.key());
    return new Outcome(answer.status(), answer.body());
  }

  /**
   * @param id by which the server's log is searched
   */
  private ApiAnswer answer(Supplier<HttpRequest> request, String id) {
    try {
      return answer(request.get());
    } catch (ApiException e) {
      return ApiAnswer.problem(e.status(), e.getMessage());
    } catch (OperationException e) {
      return refusal(e);
    } catch (RuntimeException | Error e) {
      LOG.error("A request failed: {}", e.toString(), e);
      return ApiAnswer.problem(500, "The server failed; its log says why (exchange " + id + ").");
    }
  }

  private static ApiAnswer refusal(OperationException e) {
    return switch (e.reason()) {
      case INVALID -> ApiAnswer.problem(400, e.getMessage());
      case NOT_FOUND -> ApiAnswer.problem(404, e.getMessage());
      case CONFLICT -> ApiAnswer.problem(409, e.getMessage());
      case UNAVAILABLE -> ApiAnswer.problem(503, e.getMessage()).with("Retry-After", "10");
    };
  }

  private ApiAnswer answer(HttpRequest http) {
    List<ApiCall> calls = table.at(http.path());
    if (calls.isEmpty()) {
      throw new ApiException(404, "There is nothing at this path.");
    }
    String method = http.method().equals("HEAD") ? "GET" : http.method();
    Optional<ApiCall> call =
        calls.stream().filter(each -> each.method().equals(method)).findFirst();
    if (call.isEmpty()) {
      String methods = calls.stream().map(ApiCall::method).collect(Collectors.joining(", "));
      return ApiAnswer.problem(405, "This path takes " + methods + " only.").with("Allow", methods);
    }
    // The filter has asked the same; this asks for the call that is really made.
    if (!http.caller().rights().include(call.get().needed())) {
      throw new ApiException(403, ApiRules.lacks(http.caller(), call.get().needed()));
    }
    return call.get().action() ? act(call.get(), http) : look(call.get(), http);
  }

  private ApiAnswer look(ApiCall call, HttpRequest http) {
    ApiAnswer answer = perform(prepare(call, http));
    String tag = '"' + Sha256.hex(answer.body()).substring(0, 32) + '"';
    Optional<String> known = http.header("If-None-Match");
    boolean same =
        known
            .filter(
                tags ->
                    Arrays.stream(tags.split(","))
                        .map(each -> each.strip().replaceFirst("^W/", ""))
                        .anyMatch(each -> each.equals(tag) || each.equals("*")))
            .isPresent();
    return (same ? ApiAnswer.json(304, "") : answer)
        .with("ETag", tag)
        .with("Cache-Control", "no-cache");
  }

  /** Reads all of the request, so that nothing is done for one that is wrong. */
  private static Supplier<Object> prepare(ApiCall call, HttpRequest http) {
    List<String> path =
        call
            .match(ApiCall.segments(http.path().substring(ApiTable.ROOT.length())))
            .orElseThrow()
            .stream()
            .map(part -> ApiText.decoded("The path", part, false, LONGEST_PART))
            .toList();
    ApiRequest request =
        new ApiRequest(path, new ApiQuery(http.query()), new ApiBody(http.body()), http.actor());
    Supplier<Object> prepared = call.answer().prepare(request);
    request.query().refuseUnknown();
    request.body().refuseUnknown();
    return prepared;
  }

  private static ApiAnswer perform(Supplier<Object> prepared) {
    Object result = prepared.get();
    ApiAnswer answer = ApiAnswer.json(200, json(result));
    return location(result)
        .map(place -> ApiAnswer.json(201, answer.body()).with("Location", ApiTable.ROOT + place))
        .orElse(answer);
  }

  /** Where what was made is found. */
  private static Optional<String> location(Object result) {
    if (result instanceof RunAsked asked && asked.queued()) {
      return Optional.of("/runs/" + asked.run().id());
    }
    return result instanceof BackfillStarted started
        ? started.backfill().map(backfill -> "/backfills/" + backfill.id())
        : Optional.empty();
  }

  private static String json(Object view) {
    try {
      return ViewJson.mapper().writeValueAsString(view);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A view is always JSON", e);
    }
  }

  private ApiAnswer act(ApiCall call, HttpRequest http) {
    Supplier<Object> prepared = prepare(call, http);
    Optional<String> key = http.idempotencyKey();
    if (key.isEmpty()) {
      return perform(prepared);
    }
    String fingerprint =
        Sha256.hex(
            String.join("\n", http.path(), http.actor(), http.query().orElse(""))
                + "\n"
                + new String(http.body(), StandardCharsets.UTF_8));
    Verdict verdict = requests.begin(key.get(), fingerprint, http.actor());
    if (verdict instanceof Verdict.Replay replay) {
      return (replay.status() < 400
              ? ApiAnswer.json(replay.status(), replay.answer())
              : ApiAnswer.problemOf(replay.status(), replay.answer()))
          .with(IdempotencyKey.REPLAY_HEADER, "true");
    }
    if (verdict instanceof Verdict.UnderWay) {
      return ApiAnswer.problem(
              409, "The request of this idempotency key is being done; ask again in a moment.")
          .with("Retry-After", "1");
    }
    if (verdict instanceof Verdict.OtherRequest) {
      return ApiAnswer.problem(
          409, "This idempotency key was used for another request; each needs a key of its own.");
    }
    return performOnce(key.get(), prepared);
  }

  private ApiAnswer performOnce(String key, Supplier<Object> prepared) {
    boolean answered = false;
    try {
      ApiAnswer answer;
      try {
        answer = perform(prepared);
      } catch (OperationException e) {
        answer = refusal(e);
      }
      if (answer.status() < 500) {
        requests.answered(key, answer.status(), answer.body());
        answered = true;
      }
      return answer;
    } finally {
      if (!answered) {
        requests.failed(key);
      }
    }
  }

  private static void write(Message message, ApiAnswer answer) {
    message.removeHeaders("*");
    answer.headers().forEach(message::setHeader);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
    message.setBody(ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)));
  }
}
