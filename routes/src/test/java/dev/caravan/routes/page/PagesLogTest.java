package dev.caravan.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.operations.LogView;
import dev.caravan.shared.page.PlainText;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines of a log as a page shows them. */
class PagesLogTest {

  private static String html(String... lines) {
    StringOutput html = new StringOutput();
    JobLogView view =
        JobLogView.of(
            new LogView(
                "marts/2026-01-01/1",
                "<b>job</b>",
                1,
                LogView.Source.S3,
                true,
                100,
                100L + lines.length,
                List.of(lines)),
            Optional.empty());
    JteloglinesGenerated.render(new OwaspHtmlTemplateOutput(html), null, view);
    return PlainText.of(html.toString());
  }

  @Test
  void lineIsTextWhateverStandsInIt() {
    assertThat(
            html(
                "</span><script>alert(1)</script>",
                "a\u001b[1;31mb\u001b[0m\u001b]0;title\u0007c\u0000"))
        .contains("&lt;/span&gt;&lt;script&gt;", ">abc\u27E8U+0000\u27E9<")
        .doesNotContain("<script", "\u001b", "title");
  }

  @Test
  void directionOfWritingIsNotTurned() {
    assertThat(html("if (admin) \u202E{ \u2066//\u2069"))
        .contains("\u27E8U+202E\u27E9{ \u27E8U+2066\u27E9//\u27E8U+2069\u27E9");
    assertThat(html("שלום")).as("such writing itself is text").contains("שלום");
  }

  @Test
  void endlessLineIsCutAndSaysSo() {
    String html = html("x".repeat(1_000_000), "short");

    assertThat(html).hasSizeLessThan(20_000).contains("990\u202F000 more characters");
  }

  @Test
  void linesAreNumberedFromOne() {
    assertThat(html("first")).contains("id=\"L101\"", "data-from=\"100\"", "data-next=\"101\"");
  }
}
