package dev.caravan.processors.pipelines;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a job's {@code outputs}. */
final class OutputReader {
  private static final Pattern BAND =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\.\\.(\\d{1,9}(?:\\.\\d{1,9})?)");
  private static final int MOST_OBJECTS = 1_000_000;

  private final PipelineTexts texts;

  OutputReader(PipelineTexts texts) {
    this.texts = texts;
  }

  List<PromisedOutput> read(YamlMapping job) {
    return job.list("outputs").stream().map(this::output).toList();
  }

  private PromisedOutput output(YamlValue value) {
    YamlMapping output = YamlMapping.of(value, PipelineKeys.OUTPUT);
    Optional<YamlMapping> rows = section(output, "rows", PipelineKeys.ROWS);
    return new PromisedOutput(
        output.required("at", "where in S3 is it?").flatMap(texts::location).orElse(""),
        (int) least(section(output, "objects", PipelineKeys.MINIMUM), 1, MOST_OBJECTS),
        least(section(output, "bytes", PipelineKeys.MINIMUM), 0, Long.MAX_VALUE),
        least(rows, 0, Long.MAX_VALUE),
        rows.flatMap(section -> section.find("of-median")).flatMap(OutputReader::band),
        JobReader.words(output.list("columns")));
  }

  private static Optional<YamlMapping> section(YamlMapping output, String key, Set<String> known) {
    return output.find(key).map(value -> YamlMapping.of(value, known));
  }

  private static long least(Optional<YamlMapping> section, long least, long most) {
    return section.map(found -> found.number("min", 1, least, most)).orElse(1L);
  }

  private static Optional<RowBand> band(YamlValue value) {
    return value
        .text()
        .flatMap(
            text -> {
              Matcher band = BAND.matcher(text);
              if (band.matches()) {
                double low = Double.parseDouble(band.group(1));
                double high = Double.parseDouble(band.group(2));
                if (low <= high) {
                  return Optional.of(new RowBand(low, high));
                }
              }
              return value.mustBe("LOW..HIGH, times the median, such as 0.5..2");
            });
  }
}
