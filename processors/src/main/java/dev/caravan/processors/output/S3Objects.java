package dev.caravan.processors.output;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Reads S3 by Camel's {@code aws2-s3} producers. They take ready requests ({@code pojoRequest}),
 * for two reasons: given by header, a key is evaluated as a Simple expression, and here it comes
 * from a listing; and the component's own listing ends after a thousand keys. For use by many
 * threads.
 */
public final class S3Objects {
  private static final int MOST_OBJECTS = 100_000;

  private final CamelContext camel;
  private final ProducerTemplate template;

  /** Needs a Camel context whose S3 is configured. */
  public S3Objects(CamelContext camel) {
    this.camel = camel;
    this.template = camel.createProducerTemplate();
    try {
      camel.addService(template);
    } catch (Exception e) {
      throw new IllegalStateException("Camel didn't take a producer template", e);
    }
  }

  /**
   * All objects whose key begins so, in the order of their keys.
   *
   * @param limit asked before each call
   */
  List<StoredObject> list(S3Location prefix, VerificationLimit limit) {
    List<StoredObject> found = new ArrayList<>();
    String marker = null;
    while (true) {
      limit.require();
      ListObjectsRequest request =
          ListObjectsRequest.builder()
              .bucket(prefix.bucket())
              .prefix(prefix.key())
              .marker(marker)
              .build();
      List<?> page = call("listObjects", prefix, request).getMessage().getBody(List.class);
      // A page may be short although more follow; only an empty one is the end.
      if (page.isEmpty()) {
        return found;
      }
      for (Object each : page) {
        S3Object object = (S3Object) each;
        marker = object.key();
        found.add(
            new StoredObject(
                new S3Location(prefix.bucket(), object.key()),
                object.size(),
                object.lastModified().truncatedTo(ChronoUnit.SECONDS)));
      }
      if (found.size() > MOST_OBJECTS) {
        throw new FatalException(
            "More than "
                + MOST_OBJECTS
                + " objects are under "
                + prefix
                + ": let the job write fewer and larger files, or correct the output's location.");
      }
    }
  }

  /**
   * The bytes {@code from} to {@code to}, both included, of an object that has so many.
   *
   * @throws RetryableException if S3 can't be reached, or the object is not there or shorter
   */
  public byte[] range(S3Location object, long from, long to) {
    int length = Math.toIntExact(to - from + 1);
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(object.bucket())
            .key(object.key())
            .range("bytes=" + from + "-" + to)
            .build();
    byte[] bytes = read(object, call("getObjectRange", object, request), length);
    if (bytes.length != length) {
      throw new RetryableException(object + " changed while it was being read.");
    }
    return bytes;
  }

  /**
   * A whole small object; empty if there is none of that key.
   *
   * @param bound in bytes; a longer object is fatal
   */
  public Optional<byte[]> whole(S3Location object, int bound) {
    GetObjectRequest request =
        GetObjectRequest.builder().bucket(object.bucket()).key(object.key()).build();
    byte[] bytes;
    try {
      bytes = read(object, call("getObject", object, request), bound + 1);
    } catch (RetryableException e) {
      if (e.getCause() instanceof NoSuchKeyException) {
        return Optional.empty();
      }
      throw e;
    }
    if (bytes.length > bound) {
      throw new FatalException(object + " exceeds the maximum length of " + bound + " bytes.");
    }
    return Optional.of(bytes);
  }

  /** Each operation has a fixed endpoint; {@code keyName} must be there and isn't used. */
  private Exchange call(String operation, S3Location about, Object request) {
    String uri =
        "aws2-s3:"
            + about.bucket()
            + "?operation="
            + operation
            + "&pojoRequest=true&keyName=unused&deleteAfterRead=false";
    Exchange exchange;
    try {
      exchange =
          template.send(uri, ExchangePattern.InOut, call -> call.getMessage().setBody(request));
    } catch (RuntimeException e) {
      throw S3Failures.of(about, e);
    }
    if (exchange.getException() != null) {
      throw S3Failures.of(about, exchange.getException());
    }
    return exchange;
  }

  /** Reads up to a bound and drops what comes after it. */
  private static byte[] read(S3Location object, Exchange exchange, int bound) {
    ResponseInputStream<?> in = (ResponseInputStream<?>) exchange.getMessage().getBody();
    try {
      byte[] bytes = in.readNBytes(bound);
      if (in.read() >= 0) {
        in.abort();
      }
      in.close();
      return bytes;
    } catch (IOException | RuntimeException e) {
      in.abort();
      throw S3Failures.of(object, e);
    }
  }
}
