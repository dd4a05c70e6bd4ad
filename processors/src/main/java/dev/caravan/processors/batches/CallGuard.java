package dev.caravan.processors.batches;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Wraps each HTTP exchange of the client, below Camel. It adds the credentials, so that no Camel
 * message contains them. It ends the call at a deadline, because the client's own timeouts restart
 * with each received byte. It reads the response up to a limit, and closes the connection of a
 * longer one.
 */
final class CallGuard implements ExecChainHandler {
  static final int LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;

  /** The deadline of the whole call passed; the cause is how its connection ended. */
  static final class LateException extends IOException {
    private static final long serialVersionUID = 1L;

    LateException(String message, Exception cause) {
      super(message, cause);
    }
  }

  private final EndpointCredentials credentials;
  private final Duration deadline;
  private final ScheduledExecutorService alarms;

  CallGuard(EndpointCredentials credentials, Duration deadline, ScheduledExecutorService alarms) {
    this.credentials = credentials;
    this.deadline = deadline;
    this.alarms = alarms;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    credentials
        .authorization()
        .ifPresent(value -> request.setHeader(HttpHeaders.AUTHORIZATION, value));
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> alarm =
        alarms.schedule(() -> cancel(scope, late), deadline.toMillis(), TimeUnit.MILLISECONDS);
    boolean whole = false;
    try {
      ClassicHttpResponse response = chain.proceed(request, scope);
      buffer(response);
      whole = true;
      return response;
    } catch (IOException | RuntimeException e) {
      if (late.get()) {
        throw new LateException("no complete response within " + deadline.toMillis() + " ms", e);
      }
      throw e;
    } finally {
      alarm.cancel(false);
      if (!whole) {
        // Closing the answer would first read the rest of it.
        scope.execRuntime.discardEndpoint();
      }
    }
  }

  private static void cancel(ExecChain.Scope scope, AtomicBoolean late) {
    late.set(true);
    if (scope.originalRequest instanceof Cancellable call) {
      call.cancel();
    }
  }

  private static void buffer(ClassicHttpResponse response) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return;
    }
    InputStream in = entity.getContent();
    byte[] bytes = in.readNBytes(LARGEST_ANSWER_BYTES + 1);
    if (bytes.length > LARGEST_ANSWER_BYTES) {
      throw new IOException("the answer is longer than " + LARGEST_ANSWER_BYTES + " bytes");
    }
    in.close();
    response.setEntity(
        new ByteArrayEntity(bytes, ContentType.parseLenient(entity.getContentType())));
  }
}
