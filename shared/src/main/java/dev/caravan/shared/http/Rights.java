package dev.caravan.shared.http;

/** What a credential may do; each includes the ones before it. A server names the middle one. */
public enum Rights {
  /** Look at everything. */
  READ,
  /** Do what the server is for. */
  OPERATE,
  /** Everything. */
  ADMIN;

  public boolean include(Rights other) {
    return compareTo(other) >= 0;
  }
}
