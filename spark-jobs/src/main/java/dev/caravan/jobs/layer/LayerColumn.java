package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.not;

import dev.caravan.jobs.input.IsoTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;

/** A column of the layer: how it is made of a raw text, and when that can't be done. */
final class LayerColumn {
  /** Of every file of the layer, in order. */
  static final List<LayerColumn> ALL =
      Collections.unmodifiableList(
          Arrays.asList(
              bigint("message_id"),
              bigint("message_from"),
              bigint("message_to"),
              bigint("message_channel_to"),
              bigint("message_group"),
              text("message"),
              time("message_ts", time -> date_trunc("second", time)),
              time("datetime", time -> time),
              media("media_type", "media_type"),
              media("media_src", "src"),
              text("reaction_from"),
              text("reaction_type"),
              text("user"),
              bigint("subscription_channel"),
              text("subscription_user"),
              bigint("channel_id"),
              list("admins", "a list of numbers", bigintOf("element")),
              list("tags", "a list", "element"),
              degrees("lat"),
              degrees("lon")));

  private final String name;
  private final Column value;
  private final Map<String, Column> faults = new LinkedHashMap<>();

  private LayerColumn(String name, Column value) {
    this.name = name;
    this.value = value;
  }

  private LayerColumn fault(String condition, String reason) {
    return fault(expr(condition), reason);
  }

  private LayerColumn fault(Column condition, String reason) {
    faults.put(reason, condition);
    return this;
  }

  /** A text without a value is a bad one. */
  private static LayerColumn of(String name, Column value, String meaning) {
    return new LayerColumn(name, value)
        .fault(
            RawColumns.text(name) + " is not null and `" + name + "` is null",
            name + " is not " + meaning);
  }

  private static LayerColumn text(String name) {
    return new LayerColumn(name, col(RawColumns.text(name)));
  }

  private static LayerColumn bigint(String name) {
    return of(name, expr(bigintOf(RawColumns.text(name))), "a 64-bit integer");
  }

  /** Also 12.0 and 1.2E1: some writers make every number with a gap beside it a fraction. */
  private static String bigintOf(String text) {
    String number = "try_cast(" + text + " as decimal(30, 9))";
    return "coalesce(try_cast(TEXT as bigint), if(NUMBER = floor(NUMBER), try_cast(NUMBER as bigint), null))"
        .replace("TEXT", text)
        .replace("NUMBER", number);
  }

  private static LayerColumn degrees(String name) {
    return of(name, expr("try_cast(" + RawColumns.text(name) + " as double)"), "a number");
  }

  private static LayerColumn time(String name, UnaryOperator<Column> form) {
    return of(name, form.apply(IsoTime.of(RawColumns.text(name))), "a time in ISO-8601")
        .fault(not(IsoTime.inRange(col(name))), name + " lies outside " + IsoTime.RANGE);
  }

  private static LayerColumn media(String name, String field) {
    String text = RawColumns.text("media");
    return new LayerColumn(
            name, expr("from_json(" + text + ", 'media_type string, src string')." + field))
        .fault(text + " is not null and " + text + " not like '{%'", "media is not an object");
  }

  /** One element without a value spoils the list. */
  private static LayerColumn list(String name, String meaning, String element) {
    String text = RawColumns.text(name);
    String parsed = "from_json(" + text + ", 'array<string>')";
    return new LayerColumn(name, expr("transform(" + parsed + ", element -> " + element + ")"))
        .fault(
            "TEXT is not null and (NAME is null or size(filter(NAME, element -> element is null))"
                    .replace("TEXT", text)
                    .replace("NAME", name)
                + " <> size(filter("
                + parsed
                + ", element -> element is null)))",
            name + " is not " + meaning);
  }

  String name() {
    return name;
  }

  /** Its value, from the texts. */
  Column value() {
    return value.as(name);
  }

  /** Why its record is rejected, and when; from texts and values. */
  Map<String, Column> faults() {
    return faults;
  }
}
