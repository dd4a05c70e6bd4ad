package dev.caravan.processors.pipelines;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.Nearest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The placeholders of a pipeline's texts: {@code {date}}, {@code {date-1d}}, {@code {date+3d}},
 * {@code {dates}}, {@code {month-start}}, {@code {run}}, {@code {job}}, {@code {attempt}}, and the
 * file's own {@code vars}. A literal brace is written twice: <code>{{</code> and <code>}}</code>. A
 * value that is put in is not searched again.
 */
final class Placeholders {
  /** Those that stand for the values of a run. */
  static final List<String> OF_RUNS =
      List.of("date", "dates", "month-start", "run", "job", "attempt");

  private static final Pattern TOKEN =
      Pattern.compile("\\{\\{|}}|\\{([A-Za-z][A-Za-z0-9+-]*)}|[{}]");
  private static final Pattern OFFSET = Pattern.compile("date([+-]\\d{1,4})d");

  private Placeholders() {}

  /** Whether it stands for a value of a run. */
  static boolean isOfRuns(String name) {
    return OF_RUNS.contains(name) || OFFSET.matcher(name).matches();
  }

  /**
   * The text with the run's values.
   *
   * @param job the job's name
   * @throws FatalException for a placeholder of another name; the parser has refused those
   */
  static String resolve(String text, String job, RunValues values) {
    return replaced(text, name -> value(name, job, values), true);
  }

  private static String value(String name, String job, RunValues values) {
    Matcher offset = OFFSET.matcher(name);
    if (offset.matches()) {
      return values.date().plusDays(Long.parseLong(offset.group(1))).toString();
    }
    return switch (name) {
      case "date" -> values.date().toString();
      case "dates" ->
          values.dates().stream().map(LocalDate::toString).collect(Collectors.joining(","));
      case "month-start" -> values.date().withDayOfMonth(1).toString();
      case "run" -> values.run();
      case "job" -> job;
      case "attempt" -> Integer.toString(values.attempt());
      default -> throw new FatalException("The placeholder {" + name + "} is unknown.");
    };
  }

  /** The text with the values of variables; what stands for a run's values stays. */
  static String withVariables(String text, Map<String, String> variables) {
    return replaced(
        text, name -> Optional.ofNullable(variables.get(name)).orElse("{" + name + "}"), false);
  }

  private static String replaced(String text, Function<String, String> value, boolean unescape) {
    return TOKEN
        .matcher(text)
        .replaceAll(
            token ->
                Matcher.quoteReplacement(
                    token.group(1) != null
                        ? value.apply(token.group(1))
                        : unescape ? token.group().substring(0, 1) : token.group()));
  }

  /** Whether it has placeholders of runs, once its variables are put in. */
  static boolean hasAny(String text) {
    return TOKEN.matcher(text).results().anyMatch(token -> token.group(1) != null);
  }

  /** Whether this placeholder is in the text. */
  static boolean has(String text, String name) {
    return TOKEN.matcher(text).results().anyMatch(token -> name.equals(token.group(1)));
  }

  /** The text in which each brace stands for itself. */
  static String escape(String text) {
    return text.replace("{", "{{").replace("}", "}}");
  }

  /**
   * What is wrong with the text, in words; empty if nothing is.
   *
   * @param variables the names of the file's own
   */
  static Optional<String> fault(String text, Collection<String> variables) {
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      String name = token.group(1);
      if (token.group().length() == 1) {
        return Optional.of(
            "has a single " + token.group() + "; a literal brace is written twice: {{ and }}");
      }
      if (name != null && !isOfRuns(name) && !variables.contains(name)) {
        return Optional.of("has the unknown placeholder {" + name + "}" + nearest(name, variables));
      }
    }
    return Optional.empty();
  }

  private static String nearest(String name, Collection<String> variables) {
    List<String> known = new ArrayList<>(OF_RUNS);
    known.addAll(List.of("date-1d", "date+1d"));
    known.addAll(variables);
    return Nearest.to(name, known)
        .map(near -> ": did you mean {" + near + "}?")
        .orElse(
            "; known are {date}, {date-1d}, {dates}, {month-start}, {run}, {job}, {attempt} and the"
                + " names of vars; a literal brace is written twice: {{ and }}");
  }
}
