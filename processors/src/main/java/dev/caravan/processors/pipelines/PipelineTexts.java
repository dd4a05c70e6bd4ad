package dev.caravan.processors.pipelines;

import dev.caravan.processors.output.S3Location;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads texts with placeholders; the values of the file's variables are put in at once. */
final class PipelineTexts {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
  private static final RunValues SAMPLE =
      new RunValues(DAY, List.of(DAY), "pipeline/" + DAY + "/1", 1);

  private final Map<String, String> variables;

  /**
   * @param variables by name; their values may have placeholders of runs, but no variables
   */
  PipelineTexts(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  Optional<String> text(YamlValue value) {
    return value.text().flatMap(text -> known(value, text));
  }

  /** Text, number or truth. */
  Optional<String> word(YamlValue value) {
    return value.word().flatMap(text -> known(value, text));
  }

  private Optional<String> known(YamlValue value, String text) {
    Optional<String> fault = Placeholders.fault(text, variables.keySet());
    fault.ifPresent(value::refuse);
    return fault.isPresent()
        ? Optional.empty()
        : Optional.of(Placeholders.withVariables(text, variables));
  }

  /** A text that is the same in each run: it may have variables, but no placeholders of runs. */
  Optional<String> fixed(YamlValue value) {
    return text(value)
        .flatMap(
            text -> {
              if (Placeholders.hasAny(text)) {
                value.refuse("has a placeholder of the run, but is the same in each run");
                return Optional.empty();
              }
              return Optional.of(sample(text));
            });
  }

  /** A place in S3. */
  Optional<String> location(YamlValue value) {
    return text(value)
        .flatMap(
            text ->
                isLocation(sample(text))
                    ? Optional.of(text)
                    : value.mustBe("an S3 address such as s3://bucket/datamarts/date={date}/"));
  }

  private static boolean isLocation(String text) {
    try {
      S3Location.of(text);
      // It would end RAW(...), in which the routes hand Camel the key as it is.
      return !text.contains(")&");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What the text may look like in a run. */
  String sample(String text) {
    return Placeholders.resolve(text, "job", SAMPLE);
  }
}
