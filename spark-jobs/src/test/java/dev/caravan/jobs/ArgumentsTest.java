package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.marts.Datamart;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  private static final String GOOD =
      "users-demographic-dm --date 2022-05-21 --depth 30 --src s3a://lake/events --coords s3a://lake/cities"
          + " --tgt s3a://lake/marts";
  private static final Instant NOW = Instant.parse("2022-05-22T23:59:59.5Z");

  private static Arguments parse(String line) {
    return Arguments.parse(line.split(" "), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void defaults() {
    Arguments arguments = parse(GOOD);
    assertThat(arguments.datamarts())
        .extracting(Datamart::name)
        .containsExactly("users-demographic-dm");
    assertThat(arguments.windows()).hasToString("[2022-04-22..2022-05-21]");
    assertThat(arguments.dates()).isEqualTo("2022-05-21");
    assertThat(arguments.processedAt()).isEqualTo(NOW);
    assertThat(arguments.summary()).isEmpty();
    assertThat(arguments.run()).isEmpty();
    assertThat(arguments.partition(arguments.datamarts().get(0), LocalDate.of(2022, 5, 21)))
        .hasToString("s3a://lake/marts/users-demographic-dm/date=2022-05-21");
  }

  @Test
  void severalDatesHaveAWindowEach() {
    Arguments arguments = parse(GOOD.replace("2022-05-21", "2022-05-20..2022-05-22"));
    assertThat(arguments.windows())
        .hasToString("[2022-04-21..2022-05-20, 2022-04-22..2022-05-21, 2022-04-23..2022-05-22]");
    assertThat(arguments.dates()).isEqualTo("2022-05-20..2022-05-22");
    assertThat(parse(GOOD.replace("2022-05-21", "2022-05-22,2022-05-20")).windows())
        .as("the earliest first")
        .hasToString("[2022-04-21..2022-05-20, 2022-04-23..2022-05-22]");
    assertThat(parse(GOOD.replace("2022-05-21", "2022-05-22,2022-05-20")).dates())
        .isEqualTo("2022-05-20,2022-05-22");
    assertThat(parse(GOOD.replace("2022-05-21", "2022-05-22,2022-05-20..2022-05-21")).dates())
        .isEqualTo("2022-05-20..2022-05-22");
    assertThat(parse(GOOD.replace("2022-05-21", "2022-05-21..2022-05-21")).dates())
        .isEqualTo("2022-05-21");
  }

  @Test
  void everythingGiven() {
    Arguments arguments =
        parse(
            "add-to-friends-recommendations-dm,users-demographic-dm --run datamarts/2022-05-22#1 --depth 150"
                + " --summary file:///tmp/s.json --processed-at 2022-05-22T03:00:00+03:00 --date 2022-05-22"
                + " --src file:/a --coords file:///b/c --tgt s3a://my.lake-1/");
    assertThat(arguments.datamarts())
        .extracting(Datamart::name)
        .containsExactly("add-to-friends-recommendations-dm", "users-demographic-dm");
    assertThat(arguments.windows()).hasSize(1);
    assertThat(arguments.windows().get(0).depth()).isEqualTo(150);
    assertThat(arguments.processedAt()).isEqualTo(Instant.parse("2022-05-22T00:00:00Z"));
    assertThat(arguments.run()).contains("datamarts/2022-05-22#1");
    assertThat(arguments.summary().orElseThrow()).hasToString("file:/tmp/s.json");
  }

  @Test
  void theEventsLayerNeedsNoDictionary() {
    String line =
        "events-layer --date 2022-05-21 --depth 3 --src s3a://lake/raw --tgt s3a://lake/events";
    assertThat(parse(line).layer()).isTrue();
    assertThat(parse(line).datamarts()).isEmpty();
    assertThat(parse(line).coords()).isEmpty();
    assertThat(parse(line + " --coords s3a://lake/cities").coords()).isPresent();
    assertThat(parse(GOOD).layer()).isFalse();
    assertThatThrownBy(() -> parse(GOOD.replaceAll("--coords \\S+ ", "")))
        .hasMessageContaining("--coords is missing");
  }

  @Test
  void theEventsLayerIsOfOneDate() {
    assertThatThrownBy(
            () ->
                parse(
                    GOOD.replace("users-demographic-dm", "events-layer")
                        .replace("2022-05-21", "2022-05-20..2022-05-21")))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("--date must be one day for events-layer");
  }

  @Test
  void timeWithoutOffsetIsUtc() {
    assertThat(parse(GOOD + " --processed-at 2022-05-22T03:00:00").processedAt())
        .isEqualTo(Instant.parse("2022-05-22T03:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --date | 2014-12-31 | from 2015-01-01 to today, 2022-05-22
          --date | 2022-05-23 | from 2015-01-01 to today, 2022-05-22
          --date | 2022-02-30 | must be a day YYYY-MM-DD
          --date | 20220521 | must be a day YYYY-MM-DD
          --date | +2022-05-21 | must be a day YYYY-MM-DD
          --date | 2022-05-20.. | must be a day YYYY-MM-DD
          --date | 2022-05-20..2022-05-23 | to today, 2022-05-22, or several: D..D
          --date | 2022-05-20..2022-05-21..2022-05-22 | must be a day YYYY-MM-DD
          --date | 2022-05-21..2022-05-20 | must name 1 to 31 days, in a range the earliest first
          --date | 2022-04-20..2022-05-21 | must name 1 to 31 days
          --date | 2022-04-20,2022-05-21 | must name 1 to 31 days
          --date | 2022-05-20, | must be a day YYYY-MM-DD
          --depth | 0 | days from 1 to 150
          --depth | 151 | days from 1 to 150
          --depth | -3 | days from 1 to 150
          --depth | 3.5 | days from 1 to 150
          --depth | 99999999999 | days from 1 to 150
          --src | /data/events | must be s3a://bucket/... or file:/...
          --src | s3://lake/events | must be s3a://bucket/... or file:/...
          --src | hdfs://nn/events | must be s3a://bucket/... or file:/...
          --src | s3a://lake | must be s3a://bucket/... or file:/...
          --src | s3a://Lake/x | must be s3a://bucket/... or file:/...
          --src | s3a://lake/event*s | without wildcards
          --coords | s3a://lake/{a,b} | without wildcards
          --tgt | file:relative | must be s3a://bucket/... or file:/...
          --summary | s.json | must be s3a://bucket/... or file:/...
          --processed-at | 2022-05-21 | must be an ISO-8601 time
          --run | über | must be 1 to 200 printable
          """)
  void valuesOutOfBoundsAreRefusedByNameValueAndBound(String name, String value, String bound) {
    String line =
        GOOD.contains(name)
            ? GOOD.replaceAll(name + " \\S+", name + " " + value)
            : GOOD + " " + name + " " + value;
    assertThatThrownBy(() -> parse(line))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(name + " '" + value + "'")
        .hasMessageContaining(bound);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | unknown datamart ''
          --date 2022-05-21 | the datamarts must come first
          no-such-dm | unknown datamart 'no-such-dm'; known: users-demographic-dm, events-total
          events-layer,users-demographic-dm | events-layer is asked for alone
          users-demographic-dm, | unknown datamart ''
          users-demographic-dm,users-demographic-dm | asked for twice
          users-demographic-dm | --date is missing
          users-demographic-dm --date | --date has no value
          users-demographic-dm --date 2022-05-21 --date 2022-05-21 | --date is given twice
          users-demographic-dm --from 2022-05-21 | unknown argument '--from'; known: --date, --depth
          users-demographic-dm extra | unknown argument 'extra'
          """)
  void malformedLinesAreRefused(String line, String message) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(message);
  }

  @Test
  void keysInAPathAreNotRepeated() {
    assertThatThrownBy(() -> parse(GOOD.replace("s3a://lake/events", "s3a://KEY:SECRET@lake/x")))
        .hasMessageContaining("--src")
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void noWordsAtAll() {
    assertThatThrownBy(() -> Arguments.parse(new String[0], Clock.systemUTC()))
        .hasMessageContaining("the datamarts must come first");
  }
}
