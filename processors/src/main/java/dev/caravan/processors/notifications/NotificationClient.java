package dev.caravan.processors.notifications;

import dev.caravan.processors.http.PlainHttp;
import java.time.Duration;
import org.apache.camel.component.http.HttpComponent;

/** The Camel component that sends messages over HTTP. */
public final class NotificationClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration RESPONSE = Duration.ofSeconds(10);

  private NotificationClient() {}

  public static HttpComponent create() {
    return PlainHttp.component(CONNECT, RESPONSE, builder -> {});
  }
}
