package dev.caravan.endpoint.http;

import dev.caravan.shared.http.Caller;
import dev.caravan.shared.http.RequestRules;
import dev.caravan.shared.http.Rights;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** What the batch protocol asks of a request. */
public final class LivyRules implements RequestRules {

  /** Some clients read state and log by POST. */
  @Override
  public Rights needed(RoutingContext context) {
    HttpMethod method = context.request().method();
    String path = context.normalizedPath();
    boolean reads =
        method.equals(HttpMethod.GET)
            || method.equals(HttpMethod.HEAD)
            || (method.equals(HttpMethod.POST)
                && (path.endsWith("/state") || path.endsWith("/log") || path.equals("/")));
    return reads ? Rights.READ : Rights.OPERATE;
  }

  @Override
  public String lacking(Caller caller, Rights needed) {
    return "The credential '" + caller.name() + "' may only read.";
  }

  /** Forms never get as far as the parser that would make files of them. */
  @Override
  public boolean acceptsType(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null) {
      return true;
    }
    String path = context.normalizedPath();
    boolean submits =
        context.request().method().equals(HttpMethod.POST)
            && (path.endsWith("/batches")
                || path.endsWith("/batches/")
                || path.endsWith("/batches/validate"));
    String media = type.toLowerCase(Locale.ROOT).split(";", 2)[0].trim();
    return submits ? media.equals("application/json") : !media.contains("form");
  }
}
