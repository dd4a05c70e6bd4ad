package dev.caravan.shared.http;

/** Keeps a record of requests that were refused for their credentials. Must not block for long. */
public interface RefusalLog {
  /**
   * @param who name of the credential, or {@code unknown}
   * @param from the client's address
   * @param what method and path
   * @param status as answered
   */
  void write(String who, String from, String what, int status);
}
