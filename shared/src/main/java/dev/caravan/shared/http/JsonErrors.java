package dev.caravan.shared.http;

import io.vertx.core.http.HttpServer;
import io.vertx.core.net.impl.TCPServerBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Writes the server's own errors (404, 405, 413) as JSON. */
public final class JsonErrors {

  private static final Map<Integer, String> SENTENCES =
      Map.of(
          400, "The request can't be understood.",
          413, "The body is larger than this server accepts.",
          408, "The request took too long to arrive.");

  /** To be called once, when the routes have been started; until then refusals have no body. */
  public static void install(CamelContext context, ErrorFormat format) {
    VertxPlatformHttpRouter router = router(context);
    List<Mount> mounts =
        context.getRoutes().stream()
            .map(Route::getEndpoint)
            .filter(PlatformHttpEndpoint.class::isInstance)
            .map(JsonErrors::mount)
            .toList();
    router
        .route()
        .order(-1000)
        .handler(RoutingContext::next)
        .failureHandler(
            failed -> {
              int status = failed.statusCode() < 400 ? 500 : failed.statusCode();
              format.write(
                  failed.response(),
                  status,
                  SENTENCES.getOrDefault(status, "The request failed with status " + status + "."));
            });
    router.route().order(Integer.MAX_VALUE).handler(unknown -> refuse(unknown, mounts, format));
  }

  private static void refuse(RoutingContext context, List<Mount> mounts, ErrorFormat format) {
    String path = context.normalizedPath();
    Set<String> allowed = new TreeSet<>();
    mounts.stream()
        .filter(mount -> mount.path().matcher(path).matches())
        .forEach(mount -> allowed.addAll(mount.methods()));
    if (allowed.isEmpty()) {
      format.write(context.response(), 404, "There is nothing at this path.");
    } else {
      String methods = String.join(", ", allowed);
      context.response().putHeader("Allow", methods);
      format.write(context.response(), 405, "This path takes " + methods + " only.");
    }
  }

  private static Mount mount(Endpoint endpoint) {
    PlatformHttpEndpoint http = (PlatformHttpEndpoint) endpoint;
    String regex = http.getPath().replaceAll("\\{[^/}]+}", "[^/]+") + "/?";
    return new Mount(
        Pattern.compile(regex),
        Optional.ofNullable(http.getHttpMethodRestrict()).stream()
            .flatMap(methods -> Arrays.stream(methods.split(",")))
            .toList());
  }

  private record Mount(Pattern path, List<String> methods) {}

  /** The port that the server listens on; 0 if it doesn't, although Camel started. */
  public static int port(CamelContext context) {
    HttpServer server = router(context).getServer().getServer();
    boolean listening =
        ((TCPServerBase) server).isListening(); // the port alone is there even if binding it failed
    return listening ? server.actualPort() : 0;
  }

  private static VertxPlatformHttpRouter router(CamelContext context) {
    return context.getRegistry().findSingleByType(VertxPlatformHttpRouter.class);
  }
}
