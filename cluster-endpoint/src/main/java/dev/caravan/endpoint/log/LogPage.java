package dev.caravan.endpoint.log;

import java.util.List;

/**
 * One page of a batch's log.
 *
 * @param from number of the first line of the page
 * @param total lines there are by now
 * @param lines the page
 */
public record LogPage(long from, long total, List<String> lines) {}
