package dev.caravan.routes.page;

import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/** Camel's own filter of headers leaves out of an answer how long it may be kept. */
public final class PageHeaders extends HttpHeaderFilterStrategy {
  /** One for all routes. */
  public PageHeaders() {
    getOutFilter().remove("cache-control");
  }
}
