package dev.caravan.endpoint.page;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.health.Readiness;
import dev.caravan.endpoint.lease.LeaseKeeper;
import dev.caravan.endpoint.lease.LeaseView;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.Comparator;
import java.util.List;

/**
 * The pages for an operator's browser: all batches, and one with its log. They only look. For use
 * by many threads.
 */
public final class EndpointPage {
  /** The newest; those before them are listed by {@code GET /batches}. */
  static final int MOST = 200;

  private final Readiness readiness;
  private final LeaseKeeper lease;

  public EndpointPage(Readiness readiness, LeaseKeeper lease) {
    this.readiness = readiness;
    this.lease = lease;
  }

  /** All batches, newest first. */
  public String list(List<Batch> batches) {
    List<BatchRow> rows =
        batches.stream()
            .sorted(Comparator.comparingInt((Batch batch) -> batch.record().id()).reversed())
            .limit(MOST)
            .map(BatchRow::of)
            .toList();
    LeaseView view = lease.view();
    String ready = readiness.obstacle().orElse("Ready for batches.");
    StringOutput out = new StringOutput();
    JtebatchesGenerated.render(
        new OwaspHtmlTemplateOutput(out), null, rows, batches.size(), ready, view);
    return out.toString();
  }

  /**
   * One batch.
   *
   * @param log the lines to show
   */
  public String batch(Batch batch, LogPart log) {
    StringOutput out = new StringOutput();
    JtebatchGenerated.render(new OwaspHtmlTemplateOutput(out), null, BatchRow.of(batch), log);
    return out.toString();
  }

  /**
   * Lines of a batch's log.
   *
   * @param from the first, counted from 0; negative: the last ones
   */
  public static LogPart log(Batch batch, long from) {
    return LogPart.of(batch.log().page(from, LogPart.LINES));
  }
}
