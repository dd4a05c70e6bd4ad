package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.expr;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
              time("message_ts", "date_trunc('second', %s)"),
              time("datetime", "%s"),
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
  private final String value;
  private final String bad;
  private final String reason;

  private LayerColumn(String name, String value, String bad, String reason) {
    this.name = name;
    this.value = value;
    this.bad = bad;
    this.reason = reason;
  }

  /** {@code %s} in the value stands for the text; a text without a value is a bad one. */
  private static LayerColumn of(String name, String value, String meaning) {
    String text = RawColumns.text(name);
    return new LayerColumn(
        name,
        value.replace("%s", text),
        text + " is not null and `" + name + "` is null",
        name + " is not " + meaning);
  }

  private static LayerColumn text(String name) {
    return new LayerColumn(name, RawColumns.text(name), "false", "");
  }

  private static LayerColumn bigint(String name) {
    return of(name, bigintOf("%s"), "a whole number of 64 bits");
  }

  /** Also 12.0 and 1.2E1: some writers make every number with a gap beside it a fraction. */
  private static String bigintOf(String text) {
    String number = "try_cast(" + text + " as decimal(30, 9))";
    return "coalesce(try_cast(TEXT as bigint), if(NUMBER = floor(NUMBER), try_cast(NUMBER as bigint), null))"
        .replace("TEXT", text)
        .replace("NUMBER", number);
  }

  private static LayerColumn degrees(String name) {
    return of(name, "try_cast(%s as double)", "a number");
  }

  /** A date is asked for, since Spark takes a bare time of day for one of the day it runs on. */
  private static LayerColumn time(String name, String form) {
    String parsed =
        "if(substring(%s, 5, 1) = '-' and substring(%s, 8, 1) = '-', try_cast(%s as timestamp), null)";
    return of(name, form.replace("%s", parsed), "a time in ISO-8601");
  }

  private static LayerColumn media(String name, String field) {
    String text = RawColumns.text("media");
    return new LayerColumn(
        name,
        "from_json(" + text + ", 'media_type string, src string')." + field,
        text + " is not null and " + text + " not like '{%'",
        "media is not an object");
  }

  /** One element without a value spoils the list. */
  private static LayerColumn list(String name, String meaning, String element) {
    String text = RawColumns.text(name);
    String parsed = "from_json(" + text + ", 'array<string>')";
    return new LayerColumn(
        name,
        "transform(" + parsed + ", element -> " + element + ")",
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
    return expr(value).as(name);
  }

  /** Whether there is a text that gave no value; from both. */
  Column bad() {
    return expr(bad);
  }

  /** Why then its record is rejected. */
  String reason() {
    return reason;
  }
}
