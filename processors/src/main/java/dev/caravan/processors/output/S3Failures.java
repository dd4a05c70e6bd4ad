package dev.caravan.processors.output;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Sorts what S3 answers, or the network instead of it, into the two kinds of failure. */
final class S3Failures {
  private S3Failures() {}

  static RuntimeException of(S3Location about, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoSuchKeyException) {
        return new RetryableException(about + " is not there (any more).", cause);
      }
      if (cause instanceof AwsServiceException answer) {
        return answered(about, answer);
      }
      if (cause instanceof SdkClientException || cause instanceof IOException) {
        return new RetryableException(
            "S3 gave no answer on " + about + ": " + root(cause) + ".", failure);
      }
    }
    return new FatalException("Reading " + about + " failed: " + root(failure), failure);
  }

  private static RuntimeException answered(S3Location about, AwsServiceException answer) {
    Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
    String code = details.map(AwsErrorDetails::errorCode).orElse("");
    String words =
        answer.statusCode()
            + " "
            + code
            + details.map(AwsErrorDetails::errorMessage).map(said -> ": " + said).orElse("");
    if (code.equals("NoSuchBucket")) {
      return new FatalException(
          "The bucket "
              + about.bucket()
              + " of "
              + about
              + " doesn't exist ("
              + words
              + "): correct the job's output, or caravan.s3.endpoint and region.",
          answer);
    }
    if (answer.statusCode() == 401 || answer.statusCode() == 403) {
      return new FatalException(
          "S3 doesn't let us read "
              + about
              + " ("
              + words
              + "): check the key in caravan.s3.credentials-file, and that its account may list"
              + " and read this bucket.",
          answer);
    }
    boolean passing =
        answer.statusCode() >= 500
            || answer.statusCode() == 429
            || answer.isThrottlingException()
            || code.equals("RequestTimeout");
    String sentence = "S3 answered on " + about + ": " + words + ".";
    return passing
        ? new RetryableException(sentence, answer)
        : new FatalException(
            sentence + " Check caravan.s3.endpoint, region and path-style.", answer);
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String words = String.valueOf(root.getMessage());
    // A bare host or key says nothing without its kind.
    return words.contains(" ") ? words : root.getClass().getSimpleName() + " " + words;
  }
}
