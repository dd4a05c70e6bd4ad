package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.operations.LogView;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.PagedLog;
import dev.caravan.shared.batches.PagedLog.Section;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Over pages as the endpoint makes them. */
class LogPrinterTest {
  private final List<String> head = new ArrayList<>(List.of("caravan: batch 1, running"));
  private final List<String> stdout = new ArrayList<>();
  private final List<String> stderr = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean complete;
  private int mostLines = Integer.MAX_VALUE;

  private final StringWriter out = new StringWriter();
  private final LogPrinter printer = new LogPrinter(this::page, new PrintWriter(out));

  private LogView page(long from, int size) {
    LogPage page =
        new PagedLog(Section.of(head), Section.of(stdout), Section.of(stderr), Section.of(notes))
            .page(from, Math.min(size, mostLines));
    return new LogView(
        "a/2026-01-01/1",
        "mart",
        1,
        LogView.Source.ENDPOINT,
        complete,
        page.from(),
        page.total(),
        page.lines());
  }

  private String printed() {
    String text = out.toString();
    out.getBuffer().setLength(0);
    return text;
  }

  @Test
  void newLinesAreToldUnderThePartTheyAreIn() {
    stderr.addAll(List.of("s1", "s2", "half"));
    assertThat(printer.printNew()).isFalse();
    assertThat(printed()).isEqualTo("\nstderr: \ns1\ns2\n");

    stdout.addAll(List.of("o1", "o2"));
    stderr.set(2, "half and all");
    stderr.add("s4");
    printer.printNew();
    assertThat(printed())
        .isEqualTo("stdout: \ncaravan: batch 1, running\no1\n\nstderr: \nhalf and all\n");

    notes.add("killed");
    complete = true;
    assertThat(printer.printNew()).isTrue();
    assertThat(printed()).isEqualTo("stdout: \no2\n\nstderr: \ns4\n\nYARN Diagnostics: \nkilled\n");
    assertThat(printer.printNew()).isTrue();
    assertThat(printed()).isEmpty();
  }

  @Test
  void followingReadsPagesThatEndEarly() {
    mostLines = 7;
    IntStream.range(0, 40).forEach(number -> stdout.add("o" + number));
    IntStream.range(0, 40).forEach(number -> stderr.add("s" + number));
    complete = true;

    printer.printNew();

    assertThat(printed().lines())
        .containsSubsequence(stdout)
        .containsSubsequence(stderr)
        .hasSize(1 + 1 + 40 + 2 + 40);
  }

  @Test
  void allLinesAndTheLastLinesArePrintedAsThePagesHaveThem() {
    mostLines = 7;
    IntStream.range(0, 40).forEach(number -> stderr.add("s" + number));
    complete = true;

    printer.print(-1, -1);
    assertThat(printed().lines()).contains("stdout: ", "s0", "s39").hasSize(2 + 2 + 40 + 2);
    printer.print(-1, 5);
    assertThat(printed().lines())
        .containsExactly("s36", "s37", "s38", "s39", "", "YARN Diagnostics: ");
    printer.print(4, 2);
    assertThat(printed().lines()).containsExactly("s1", "s2");
  }
}
