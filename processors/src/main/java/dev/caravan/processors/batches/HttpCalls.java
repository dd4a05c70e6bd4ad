package dev.caravan.processors.batches;

import dev.caravan.processors.http.PlainHttp;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.IdempotencyKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpConstants;

/**
 * HTTP calls by a camel-http component of the client's own. It follows no redirect, repeats
 * nothing, keeps no cookies and unpacks nothing; a call starts from an empty Camel message, so that
 * nothing but what stands here is sent. For use by many threads.
 */
final class HttpCalls implements AutoCloseable {
  private static final String COMPONENT = "caravan-batches";
  private static final String TLS = "tls-of-";

  private final CamelContext camel;
  private final String name;
  private final ProducerTemplate template;
  private final ScheduledExecutorService alarms;
  private final Optional<EndpointTrust> trust;

  HttpCalls(CamelContext camel, BatchClientConfig config) {
    this.camel = camel;
    name = freeName(camel);
    alarms = camel.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, name);
    trust = config.certificates().map(place -> EndpointTrust.of(place, camel));
    trust.ifPresent(own -> camel.getRegistry().bind(tls(), TrustedAuthorities.parameters(own)));
    camel.addComponent(name, component(config));
    template = camel.createProducerTemplate();
  }

  /** Each cluster has a client of its own, with its own credentials and certificates. */
  private static String freeName(CamelContext camel) {
    int number = 1;
    while (camel.hasComponent(COMPONENT + number) != null) {
      number++;
    }
    return COMPONENT + number;
  }

  private HttpComponent component(BatchClientConfig config) {
    Duration whole = config.connectTimeout().plus(config.responseTimeout());
    CallGuard guard = new CallGuard(config.credentials(), whole, alarms);
    HttpComponent http =
        PlainHttp.component(
            config.connectTimeout(),
            config.responseTimeout(),
            builder -> builder.addExecInterceptorFirst("call-guard", guard));
    http.setContentCompressionDisabled(true);
    return http;
  }

  /**
   * Sends one request and reads the answer, whatever its status. Where the endpoint's certificate
   * isn't trusted, nothing was sent; then the trusted ones are read again, and if they have changed
   * the request is sent once more.
   *
   * @param base the endpoint's address with its mount prefix
   * @param path begins with a slash
   * @throws RetryableException if there is no answer
   * @throws FatalException if the endpoint's certificate isn't trusted or the address is no good
   */
  HttpReply call(
      String method, URI base, String path, Map<String, String> headers, Optional<byte[]> body) {
    String what = "The cluster endpoint " + base + " (" + method + " " + path + ")";
    Optional<EndpointTrust> asked = trust.filter(own -> isHttps(base));
    asked.ifPresent(EndpointTrust::require);
    try {
      return send(what, method, base, path, headers, body);
    } catch (UntrustedException e) {
      if (asked.isPresent() && asked.get().renew()) {
        return send(what, method, base, path, headers, body);
      }
      throw e;
    }
  }

  private HttpReply send(
      String what,
      String method,
      URI base,
      String path,
      Map<String, String> headers,
      Optional<byte[]> body) {
    try {
      Exchange exchange =
          template.send(
              endpointUri(base),
              ExchangePattern.InOut,
              request -> fill(request.getMessage(), method, path, headers, body));
      if (exchange.getException() != null) {
        throw noAnswer(what, exchange.getException());
      }
      return answer(exchange.getMessage());
    } catch (RetryableException | FatalException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw noAnswer(what, e);
    }
  }

  private static boolean isHttps(URI base) {
    return "https".equalsIgnoreCase(base.getScheme());
  }

  private static void fill(
      Message message,
      String method,
      String path,
      Map<String, String> headers,
      Optional<byte[]> body) {
    int query = path.indexOf('?');
    message.setHeader(HttpConstants.HTTP_METHOD, method);
    message.setHeader(HttpConstants.HTTP_PATH, query < 0 ? path : path.substring(0, query));
    if (query >= 0) {
      message.setHeader(HttpConstants.HTTP_QUERY, path.substring(query + 1));
    }
    message.setHeader("Accept", "application/json");
    // A stock Livy with CSRF protection asks for this one.
    message.setHeader("X-Requested-By", "caravan");
    headers.forEach(message::setHeader);
    body.ifPresent(
        bytes -> {
          message.setHeader(Exchange.CONTENT_TYPE, "application/json");
          message.setBody(bytes);
        });
  }

  private static HttpReply answer(Message message) throws IOException {
    int status = message.getHeader(HttpConstants.HTTP_RESPONSE_CODE, int.class);
    boolean replayed =
        Boolean.parseBoolean(
            message.getHeader(IdempotencyKey.REPLAY_HEADER, "false", String.class));
    InputStream in = message.getBody(InputStream.class);
    byte[] body = in == null ? new byte[0] : in.readNBytes(CallGuard.LARGEST_ANSWER_BYTES);
    return new HttpReply(status, body, replayed, date(message.getHeader("Date", String.class)));
  }

  private static Optional<Instant> date(String header) {
    try {
      return Optional.ofNullable(header)
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** One Camel endpoint, and so one pool of connections, for each address. */
  private String endpointUri(URI base) {
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))
        || base.getHost() == null
        || base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new FatalException(
          "The cluster endpoint's address must look like https://host:8998, but this is '"
              + (base.getRawUserInfo() == null ? base : "(an address with a password in it)")
              + "'.");
    }
    String tls = trust.isPresent() && isHttps(base) ? "&sslContextParameters=#" + tls() : "";
    return name + ":" + base + "?throwExceptionOnFailure=false" + tls;
  }

  private static RuntimeException noAnswer(String what, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLPeerUnverifiedException
          || cause instanceof CertificateException
          || cause instanceof CertPathValidatorException) {
        return new UntrustedException(
            what
                + " shows a certificate that isn't trusted ("
                + cause.getMessage()
                + "): set caravan.cluster.NAME.endpoint.ca-file to the PEM file of its authority, or"
                + " to the object in S3 where the endpoint leaves its certificate.",
            e);
      }
    }
    return new RetryableException(what + " gave no answer: " + reason(e) + ".", e);
  }

  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null && !(root instanceof CallGuard.LateException)) {
      root = root.getCause();
    }
    if (root instanceof UnknownHostException) {
      return "its host name doesn't resolve";
    }
    if (root instanceof SocketTimeoutException) {
      return "time-out (" + root.getMessage() + ")";
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() throws IOException {
    template.close();
    camel.getExecutorServiceManager().shutdownNow(alarms);
    camel.removeComponent(name);
  }

  /** The trusted authorities' name in the registry. */
  private String tls() {
    return TLS + name;
  }

  /** The endpoint didn't prove who it is. */
  private static final class UntrustedException extends FatalException {
    private static final long serialVersionUID = 1L;

    UntrustedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
