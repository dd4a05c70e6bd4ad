package dev.caravan.processors.batches;

import dev.caravan.processors.output.S3Location;
import java.nio.file.Path;

/** Where the certificates are, in PEM, that an endpoint is trusted by instead of the JVM's own. */
public sealed interface CertificatePlace {

  /** A file of this machine, which a person puts there. */
  record InFile(Path file) implements CertificatePlace {
    @Override
    public String toString() {
      return "The CA file " + file;
    }
  }

  /**
   * An object in S3, which the cluster's master writes when it makes itself a certificate: at its
   * first start, so it may not be there yet, and when it has another host name.
   */
  record InStorage(S3Location object) implements CertificatePlace {
    @Override
    public String toString() {
      return object.toString();
    }
  }
}
