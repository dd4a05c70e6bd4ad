package dev.caravan.processors.http;

import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.core5.http.config.RegistryBuilder;

/**
 * Camel's HTTP component without what surprises: it follows no redirect, which would take a secret
 * elsewhere, repeats nothing, since its callers do, and keeps neither cookies nor credentials.
 */
public final class PlainHttp {
  private PlainHttp() {}

  /**
   * @param connect bounds the connection, and the wait for a free one
   * @param response bounds the wait for each part of an answer
   * @param more what else the client shall have
   */
  public static HttpComponent component(
      Duration connect, Duration response, HttpClientConfigurer more) {
    HttpComponent http = new HttpComponent();
    // A logging listener found in the registry would print the Authorization header.
    http.setAutowiredEnabled(false);
    http.setConnectionRequestTimeout(connect.toMillis());
    http.setConnectTimeout(connect.toMillis());
    http.setResponseTimeout(response.toMillis());
    http.setSoTimeout(response.toMillis());
    http.setRedirectHandlingDisabled(true);
    http.setAutomaticRetriesDisabled(true);
    http.setCookieManagementDisabled(true);
    http.setAuthCachingDisabled(true);
    http.setCopyHeaders(false);
    http.setUserAgent("caravan");
    http.setHttpClientConfigurer(
        builder -> {
          // The usual kinds of cookies bring a list of ten thousand domains into memory.
          builder.setDefaultCookieSpecRegistry(RegistryBuilder.<CookieSpecFactory>create().build());
          more.configureHttpClient(builder);
        });
    return http;
  }
}
