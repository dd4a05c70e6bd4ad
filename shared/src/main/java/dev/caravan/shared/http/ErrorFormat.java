package dev.caravan.shared.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** How a server writes an error. */
public enum ErrorFormat {
  /** An object with a {@code msg}, as Livy's clients read it. */
  MESSAGE("application/json") {
    @Override
    public String body(int status, String sentence) {
      return new JsonObject().put("msg", sentence).encode();
    }
  },
  /** Problem details, RFC 9457. */
  PROBLEM("application/problem+json") {
    @Override
    public String body(int status, String sentence) {
      return new JsonObject()
          .put("type", "about:blank")
          .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
          .put("status", status)
          .put("detail", sentence)
          .encode();
    }
  };

  private final String contentType;

  ErrorFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /** The JSON text for a status and a sentence. */
  public abstract String body(int status, String sentence);

  /** Ends the response with it, unless it has ended. */
  public void write(HttpServerResponse response, int status, String sentence) {
    if (!response.ended()) {
      response
          .setStatusCode(status)
          .putHeader("Content-Type", contentType)
          .end(body(status, sentence));
    }
  }
}
