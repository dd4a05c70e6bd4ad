package dev.caravan.shared.batches;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.batches.PagedLog.Section;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagedLogTest {
  private static final List<String> ALL =
      List.of("stdout: ", "head", "out1", "out2", "\nstderr: ", "err", "\nYARN Diagnostics: ");

  private static PagedLog log(Section stdout) {
    return new PagedLog(
        Section.of(List.of("head")), stdout, Section.of(List.of("err")), Section.of(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"0, -1, 0, 7", "-1, 3, 4, 7", "-1, 100, 0, 7", "1, 3, 1, 4", "6, 9, 6, 7"})
  void aPageIsAPartOfTheWhole(long from, long size, int first, int end) {
    LogPage page = log(Section.of(List.of("out1", "out2"))).page(from, size);
    assertThat(page).isEqualTo(new LogPage(first, ALL.size(), ALL.subList(first, end)));
  }

  @Test
  void pastTheEndItIsEmpty() {
    assertThat(log(Section.of(List.of("out1", "out2"))).page(7, 5))
        .isEqualTo(new LogPage(7, 7, List.of()));
  }

  @Test
  void aPageEndsWhereASectionGivesLessThanItWasAskedFor() {
    Section long_ = new Section(2, (from, size, budget) -> List.of("very long"));
    assertThat(log(long_).page(0, -1))
        .isEqualTo(new LogPage(0, 7, List.of("stdout: ", "head", "very long")));
  }

  @Test
  void aLongLineIsCutAndSaysSo() {
    byte[] bytes = "abc\r".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(LogLine.text(bytes, 4, 4)).isEqualTo("abc");
    assertThat(LogLine.text(bytes, 3, 9)).isEqualTo("abc [cut: this line is 9 bytes long]");
  }
}
