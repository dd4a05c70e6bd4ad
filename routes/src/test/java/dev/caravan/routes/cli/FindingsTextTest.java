package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.routes.check.Finding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the findings of a check read, and what they come to. */
class FindingsTextTest {
  private static final Terminal WIDE = new Terminal(false, false, Terminal.UNLIMITED);

  private static Finding finding(Finding.Group group, Finding.Result result, String message) {
    return new Finding(group, "main", result, message, Optional.of("caravan.cluster.main.id"));
  }

  @Test
  void findingsStandByGroupAndNameTheKeyOnce() {
    List<Finding> findings =
        List.of(
            finding(
                Finding.Group.S3,
                Finding.Result.WARNING,
                "Set caravan.cluster.main.id to another."),
            finding(Finding.Group.CLOUD, Finding.Result.FAULT, "There is no such cluster."),
            new Finding(
                Finding.Group.CLOUD, "credentials", Finding.Result.OK, "Good.", Optional.empty()),
            finding(Finding.Group.CLOUD, Finding.Result.SKIPPED, "main is what it is about."));

    assertThat(FindingsText.of(findings, WIDE))
        .isEqualTo(
            """
            cloud
              fault        main: There is no such cluster.
                           see caravan.cluster.main.id
              ok           credentials: Good.
              skipped      main is what it is about.
                           see caravan.cluster.main.id
            s3
              warning      main: Set caravan.cluster.main.id to another.

            1 fault, 1 warning, 1 skipped, 1 ok.
            """);
  }

  @Test
  void sentenceIsBrokenBetweenWordsAndNeverCut() {
    String message = "one two three four five six seven eight nine ten eleven twelve thirteen";
    List<Finding> findings = List.of(finding(Finding.Group.S3, Finding.Result.OK, message));

    String text = FindingsText.of(findings, new Terminal(true, false, 60));

    assertThat(text.lines().filter(line -> !line.contains("see ")))
        .allMatch(line -> line.length() <= 60);
    assertThat(text.replaceAll("\\s+", " ")).contains(message);
    assertThat(FindingsText.of(findings, new Terminal(true, true, 60)))
        .contains("\u001b[32mok\u001b[0m  ");
  }

  @ParameterizedTest
  @CsvSource({
    "'S3 OK, JOBS SKIPPED, CLOCK WARNING', 0",
    "'S3 UNREACHABLE, JOBS OK', 4",
    "'OUTPUTS FAULT, S3 UNREACHABLE', 1",
    "'OUTPUTS FAULT, SETTINGS FAULT, S3 UNREACHABLE', 2",
    "'JOBS FAULT', 2"
  })
  void worstFindingDecidesTheExitCode(String found, int exitCode) {
    List<Finding> findings =
        Stream.of(found.split(", "))
            .map(each -> each.split(" "))
            .map(
                words ->
                    finding(
                        Finding.Group.valueOf(words[0]),
                        Finding.Result.valueOf(words[1]),
                        "Words."))
            .toList();
    assertThat(CheckCommand.exitCode(findings)).isEqualTo(exitCode);
  }
}
