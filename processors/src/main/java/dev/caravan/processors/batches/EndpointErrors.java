package dev.caravan.processors.batches;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.net.URI;

/**
 * Classifies the endpoint's errors as retryable or fatal, with messages that quote the endpoint.
 */
final class EndpointErrors {
  private EndpointErrors() {}

  /** An error on something that was asked to be done. */
  static RuntimeException of(String what, URI endpoint, HttpReply answer) {
    requireAccess(endpoint, answer);
    int status = answer.status();
    String sentence = sentence(what, endpoint, answer);
    if (status >= 300 && status < 400) {
      return new FatalException(
          sentence
              + ". Caravan does not follow redirects: correct caravan.cluster.NAME.endpoint.scheme, host, port.");
    }
    if (status == 409) {
      return new FatalException(
          sentence + ". The request for a key must not change: submit it as a new attempt.");
    }
    boolean passing =
        status >= 500
            || status == 408
            || status == 425
            || status == 429
            || (status == 404 && !BatchJson.isJson(answer.body()));
    return passing ? new RetryableException(sentence) : new FatalException(sentence);
  }

  /** Throws if a stock Livy (0.7 and later) says that the batch's name is another batch's. */
  static void requireFreeName(URI endpoint, BatchRequest request, HttpReply answer) {
    if (answer.status() == 400 && BatchJson.words(answer.body()).startsWith("Duplicate session")) {
      throw new NameTakenException(
          "The Livy at "
              + endpoint
              + " already has a batch named '"
              + request.name().orElse("")
              + "', which this run did not submit: check what it is, delete it there (GET and"
              + " DELETE /batches/{id}; Livy keeps a finished batch's name, too), and run again.");
    }
  }

  /** An error on a look at a batch: it says nothing of the batch, so another look may do. */
  static RetryableException ofLook(String what, URI endpoint, HttpReply answer) {
    return new RetryableException(sentence(what, endpoint, answer));
  }

  /** Throws a fatal error that says what to do if the endpoint doesn't let us in. */
  static void requireAccess(URI endpoint, HttpReply answer) {
    if (answer.status() == 401) {
      throw new FatalException(
          "The cluster endpoint "
              + endpoint
              + " doesn't accept our credentials (401: "
              + BatchJson.words(answer.body())
              + "): correct the file of caravan.cluster.NAME.endpoint.credentials-file.");
    }
    if (answer.status() == 403) {
      throw new FatalException(
          "The cluster endpoint "
              + endpoint
              + " knows our credentials but forbids this (403: "
              + BatchJson.words(answer.body())
              + "): let it allow the user, or use another caravan.cluster.NAME.endpoint.credentials-file.");
    }
  }

  private static String sentence(String what, URI endpoint, HttpReply answer) {
    return "The cluster endpoint "
        + endpoint
        + " answered "
        + answer.status()
        + " to "
        + what
        + ": "
        + BatchJson.words(answer.body());
  }
}
