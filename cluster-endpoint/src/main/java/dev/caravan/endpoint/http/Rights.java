package dev.caravan.endpoint.http;

/** What a credential may do; each includes the ones before it. */
enum Rights {
  /** GET and HEAD. */
  READ,
  /** Submit batches and end its own. */
  SUBMIT,
  /** End anybody's batches. */
  ADMIN;

  boolean include(Rights other) {
    return compareTo(other) >= 0;
  }
}
