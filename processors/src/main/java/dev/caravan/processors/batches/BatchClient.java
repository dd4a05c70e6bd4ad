package dev.caravan.processors.batches;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.SparkStage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.support.DefaultExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of the cluster endpoint: Livy's batches, with idempotency keys, which a stock Livy
 * ignores. Each call ends within the time-outs of the config and is tried once; the caller repeats
 * it after a {@link RetryableException}. For use by many threads, one client per Camel context.
 */
public final class BatchClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchClient.class);
  private static final String HEALTH = "/health";
  private static final String LEASE = "/lease";
  private static final int PAGE = 100;
  private static final int MOST_PAGES = 1000;

  private final HttpCalls http;
  private final CamelContext camel;
  private final JacksonDataFormat json = new JacksonDataFormat();

  public BatchClient(CamelContext camel, BatchClientConfig config) {
    this.http = new HttpCalls(camel, config);
    this.camel = camel;
    json.setCamelContext(camel);
    json.start();
  }

  /**
   * Whether the endpoint takes batches now. A stock Livy, which has no {@code /health}, is ready
   * when it lists its batches.
   *
   * @throws FatalException only for what waiting won't mend: credentials or certificate refused
   */
  public Health health(URI endpoint) {
    try {
      HttpReply answer = send("GET", endpoint, HEALTH);
      if (answer.status() == 404) {
        answer = send("GET", endpoint, "/batches?from=0&size=1");
        if (!answer.isOk() || !BatchJson.isObject(answer.body())) {
          return notReady(endpoint, answer);
        }
        LOG.info(
            "{} has no {}: it is treated as a stock Livy, with batch names as keys",
            endpoint,
            HEALTH);
        return Health.good();
      }
      return answer.isOk() && BatchJson.isReady(answer.body())
          ? Health.good()
          : notReady(endpoint, answer);
    } catch (RetryableException e) {
      return Health.bad(e.getMessage());
    }
  }

  private static Health notReady(URI endpoint, HttpReply answer) {
    EndpointErrors.requireAccess(endpoint, answer);
    return new Health(
        false,
        Optional.of("It answered " + answer.status() + ": " + BatchJson.words(answer.body())),
        BatchJson.stopping(answer.body()));
  }

  /**
   * Whether a stock Livy answers there, which has no {@code /health}: it keeps no idempotency keys,
   * forgets its batches with a restart, and keeps only the last lines of a log.
   *
   * @throws RetryableException if the answer is neither a stock Livy's nor our endpoint's
   */
  public boolean isStockLivy(URI endpoint) {
    HttpReply answer = send("GET", endpoint, HEALTH);
    if (answer.status() == 404) {
      return true;
    }
    EndpointErrors.requireAccess(endpoint, answer);
    if (!BatchJson.isObject(answer.body())) {
      throw EndpointErrors.ofLook("GET " + HEALTH, endpoint, answer);
    }
    return false;
  }

  /**
   * Starts a batch, or finds the one that the same key and request started before.
   *
   * @throws RetryableException if it isn't known whether the batch was started; the key makes
   *     repeating safe
   * @throws NameTakenException if a stock Livy has a batch of that name already
   * @throws FatalException if the endpoint refuses the request, with its words
   */
  public Batch submit(URI endpoint, BatchRequest request, IdempotencyKey key) {
    HttpReply answer =
        http.call(
            "POST",
            endpoint,
            "/batches",
            Map.of(IdempotencyKey.HEADER, key.value()),
            Optional.of(marshal(request)));
    if (!answer.isOk()) {
      EndpointErrors.requireFreeName(endpoint, request, answer);
      throw EndpointErrors.of("the submission " + key, endpoint, answer);
    }
    Batch batch = parse(endpoint, answer, BatchJson::batch);
    if (answer.replayed()) {
      LOG.info("Submission {} was heard before: it is batch {}", key, batch.id());
    }
    return batch;
  }

  /**
   * Asks our endpoint whether it would take this request; starts nothing.
   *
   * @return the files of the request that should be on its host and are not; empty if this endpoint
   *     can't be asked, as a stock Livy or one of an earlier version
   * @throws FatalException if it would refuse the request, with its words
   */
  public Optional<List<String>> validate(URI endpoint, BatchRequest request) {
    HttpReply answer =
        http.call("POST", endpoint, "/batches/validate", Map.of(), Optional.of(marshal(request)));
    if (isUnknownCall(answer)) {
      return Optional.empty();
    }
    if (!answer.isOk()) {
      throw EndpointErrors.of("the validation of a batch", endpoint, answer);
    }
    return Optional.of(parse(endpoint, answer, BatchJson::missing));
  }

  private byte[] marshal(BatchRequest request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      json.marshal(new DefaultExchange(camel), BatchJson.body(request), bytes);
    } catch (Exception e) {
      throw new IllegalStateException("A tree of texts and numbers is always JSON", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Looks at a batch. A look that fails says nothing of the batch, so that it is always retryable.
   *
   * @return empty if the endpoint says that it knows no such batch: it is lost
   */
  public Optional<Batch> get(URI endpoint, int id) {
    Optional<Batch> found =
        read(endpoint, "/batches/" + id).map(answer -> parse(endpoint, answer, BatchJson::batch));
    found.ifPresent(batch -> requireSame(endpoint, id, batch.id()));
    return found;
  }

  /**
   * Reads a page of a batch's log; fails as {@link #get} does.
   *
   * @param from first line; negative for the last {@code size} lines
   * @return empty if the endpoint knows no such batch
   */
  public Optional<LogPage> log(URI endpoint, int id, int from, int size) {
    return read(endpoint, "/batches/" + id + "/log?from=" + from + "&size=" + size)
        .map(answer -> parse(endpoint, answer, BatchJson::log));
  }

  /**
   * The Spark stages of a batch that has ended, as far as the endpoint knows them; none from a
   * stock Livy. Fails as {@link #get} does.
   */
  public List<SparkStage> stages(URI endpoint, int id) {
    HttpReply answer = send("GET", endpoint, "/batches/" + id + "/stages");
    if (answer.status() == 404) {
      return List.of();
    }
    if (!answer.isOk()) {
      throw EndpointErrors.ofLook("GET /batches/" + id + "/stages", endpoint, answer);
    }
    return parse(endpoint, answer, BatchJson::stages);
  }

  /**
   * The batches of that name, oldest first: for finding a submission at a server that ignores keys.
   *
   * @throws FatalException if the endpoint holds more than a hundred thousand batches
   */
  public List<Batch> named(URI endpoint, String name) {
    return select(endpoint, batch -> batch.name().filter(name::equals).isPresent());
  }

  /**
   * All batches that have not ended, from any submitter, oldest first.
   *
   * @throws FatalException if the endpoint holds more than a hundred thousand batches
   */
  public List<Batch> unfinished(URI endpoint) {
    return select(endpoint, batch -> !batch.isFinished());
  }

  private List<Batch> select(URI endpoint, Predicate<Batch> wanted) {
    List<Batch> found = new ArrayList<>();
    int from = 0;
    int known = 0;
    for (int page = 0; page < MOST_PAGES; page++) {
      HttpReply answer = send("GET", endpoint, "/batches?from=" + from + "&size=" + PAGE);
      if (!answer.isOk()) {
        throw EndpointErrors.of("the list of batches", endpoint, answer);
      }
      BatchJson.Page batches = parse(endpoint, answer, BatchJson::page);
      if (batches.total() > PAGE * MOST_PAGES) {
        break;
      }
      boolean moved = batches.total() < known;
      known = batches.total();
      if (moved) {
        // One was forgotten meanwhile, and one behind it may have been passed over.
        found.clear();
        from = 0;
        continue;
      }
      batches.batches().stream().filter(wanted).forEach(found::add);
      from += batches.batches().size();
      if (batches.batches().isEmpty() || from >= batches.total()) {
        return found;
      }
    }
    throw new FatalException(
        "The cluster endpoint "
            + endpoint
            + " holds more than "
            + PAGE * MOST_PAGES
            + " batches; delete old ones there.");
  }

  /**
   * Ends a batch and returns when the endpoint has confirmed that nothing of it runs.
   *
   * @throws RetryableException if that isn't confirmed yet: ask again, it does no harm
   */
  public Deletion delete(URI endpoint, int id) {
    HttpReply answer = send("DELETE", endpoint, "/batches/" + id);
    if (answer.isOk()) {
      return Deletion.CONFIRMED;
    }
    if (isUnknownBatch(answer)) {
      return Deletion.UNKNOWN_BATCH;
    }
    throw EndpointErrors.of("the deletion of batch " + id, endpoint, answer);
  }

  /**
   * Tells the endpoint that the run lives, so that it leaves its cluster running.
   *
   * @param ttl how long that holds without a further word, in whole seconds
   * @return false if it keeps no lease, as a stock Livy
   */
  public boolean renewLease(URI endpoint, String run, Duration ttl) {
    HttpReply answer =
        http.call("PUT", endpoint, LEASE, Map.of(), Optional.of(BatchJson.lease(run, ttl)));
    if (answer.isOk()) {
      return true;
    }
    if (isUnknownCall(answer)) {
      return false;
    }
    throw EndpointErrors.of("the renewal of the lease", endpoint, answer);
  }

  /** The lease as the endpoint has it; empty if it keeps none, as a stock Livy. */
  public Optional<Lease> lease(URI endpoint) {
    HttpReply answer = send("GET", endpoint, LEASE);
    if (answer.isOk()) {
      return Optional.of(parse(endpoint, answer, BatchJson::lease));
    }
    if (isUnknownCall(answer)) {
      return Optional.empty();
    }
    throw EndpointErrors.ofLook("GET " + LEASE, endpoint, answer);
  }

  /** What the endpoint says of itself. */
  public EndpointIdentity identify(URI endpoint) {
    HttpReply answer = send("GET", endpoint, "/version");
    if (!answer.isOk()) {
      throw EndpointErrors.of("GET /version", endpoint, answer);
    }
    return new EndpointIdentity(parse(endpoint, answer, BatchJson::caravanVersion), answer.date());
  }

  /**
   * Whether our endpoint lets us do more than look. It is sent a lease that names no run: it
   * refuses those who may not renew the lease, and the others for what is missing, so that nothing
   * changes.
   *
   * @throws FatalException if it doesn't accept our credentials
   */
  public boolean mayOperate(URI endpoint) {
    HttpReply answer =
        http.call(
            "PUT",
            endpoint,
            LEASE,
            Map.of(),
            Optional.of("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    if (answer.status() == 400) {
      return true;
    }
    if (answer.status() == 403) {
      return false;
    }
    throw EndpointErrors.of("PUT " + LEASE + " of no run", endpoint, answer);
  }

  @Override
  public void close() throws IOException {
    json.stop();
    http.close();
  }

  private Optional<HttpReply> read(URI endpoint, String path) {
    HttpReply answer = send("GET", endpoint, path);
    if (answer.isOk()) {
      return Optional.of(answer);
    }
    if (isUnknownBatch(answer)) {
      return Optional.empty();
    }
    throw EndpointErrors.ofLook("GET " + path, endpoint, answer);
  }

  private HttpReply send(String method, URI endpoint, String path) {
    return http.call(method, endpoint, path, Map.of(), Optional.empty());
  }

  /** A stock Livy, or an endpoint of an earlier version, has no such call. */
  private static boolean isUnknownCall(HttpReply answer) {
    return answer.status() == 404 || answer.status() == 405;
  }

  /** A 404 in JSON is the endpoint's word; one in HTML comes from a server that isn't up yet. */
  private static boolean isUnknownBatch(HttpReply answer) {
    return answer.status() == 404 && BatchJson.isJson(answer.body());
  }

  private static void requireSame(URI endpoint, int asked, int answered) {
    if (asked != answered) {
      throw new RetryableException(
          "The cluster endpoint "
              + endpoint
              + " was asked for batch "
              + asked
              + " and answered with batch "
              + answered
              + ".");
    }
  }

  private interface Parser<T> {
    T parse(byte[] body) throws IOException;
  }

  private static <T> T parse(URI endpoint, HttpReply answer, Parser<T> parser) {
    try {
      return parser.parse(answer.body());
    } catch (IOException e) {
      throw new RetryableException(
          "The cluster endpoint "
              + endpoint
              + " answered "
              + answer.status()
              + " with something that is not part of the batch protocol: "
              + BatchJson.words(answer.body()),
          e);
    }
  }
}
