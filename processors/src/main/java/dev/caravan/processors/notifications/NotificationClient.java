package dev.caravan.processors.notifications;

import java.time.Duration;
import org.apache.camel.component.http.HttpComponent;

/**
 * The Camel component that sends messages over HTTP: it follows no redirect, which would take a
 * secret elsewhere, and repeats nothing, since the outbox does.
 */
public final class NotificationClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration RESPONSE = Duration.ofSeconds(10);

  private NotificationClient() {}

  public static HttpComponent create() {
    HttpComponent http = new HttpComponent();
    // A logging listener found in the registry would print the Authorization header.
    http.setAutowiredEnabled(false);
    http.setConnectionRequestTimeout(CONNECT.toMillis());
    http.setConnectTimeout(CONNECT.toMillis());
    http.setResponseTimeout(RESPONSE.toMillis());
    http.setSoTimeout(RESPONSE.toMillis());
    http.setRedirectHandlingDisabled(true);
    http.setAutomaticRetriesDisabled(true);
    http.setCookieManagementDisabled(true);
    http.setAuthCachingDisabled(true);
    http.setCopyHeaders(false);
    http.setUserAgent("caravan");
    return http;
  }
}
