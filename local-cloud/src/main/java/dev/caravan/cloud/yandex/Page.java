package dev.caravan.cloud.yandex;

import io.grpc.Status;
import java.util.List;

/**
 * One page of a list, as the API pages: at most {@code page_size} items and a token for the next
 * page, empty on the last.
 *
 * @param nextToken opaque to clients
 */
record Page<T>(List<T> items, String nextToken) {

  private static final String PREFIX = "page-";

  /**
   * Throws INVALID_ARGUMENT for a size outside of 0 to 1000 and for a token that was not handed
   * out.
   */
  static <T> Page<T> of(List<T> all, long pageSize, String token, int limit) {
    if (pageSize < 0 || pageSize > 1000) {
      throw invalid("page_size must be 0 to 1000, not " + pageSize);
    }
    int from = token.isEmpty() ? 0 : offset(token, all.size());
    int size = pageSize == 0 ? limit : (int) Math.min(pageSize, limit);
    int to = Math.min(all.size(), from + size);
    return new Page<>(all.subList(from, to), to < all.size() ? PREFIX + to : "");
  }

  private static int offset(String token, int total) {
    try {
      int offset = Integer.parseInt(token.substring(PREFIX.length()));
      if (token.startsWith(PREFIX) && offset > 0 && offset < total) {
        return offset;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw invalid("page_token is invalid");
    }
    throw invalid("page_token is invalid");
  }

  private static RuntimeException invalid(String why) {
    return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
  }
}
