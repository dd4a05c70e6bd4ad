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

  private static LayerColumn of(String name, String value, String meaning) {
    String bad = "`" + name + "` is not null and " + value + " is null";
    return new LayerColumn(name, value, bad, name + " is not " + meaning);
  }

  private static LayerColumn text(String name) {
    return new LayerColumn(name, "`" + name + "`", "false", "");
  }

  private static LayerColumn bigint(String name) {
    return of(name, bigintOf("`" + name + "`"), "a whole number of 64 bits");
  }

  /** Also 12.0 and 1.2E1: some writers make every number with a gap beside it a fraction. */
  private static String bigintOf(String text) {
    String number = "try_cast(" + text + " as decimal(30, 9))";
    return String.format(
        "coalesce(try_cast(%1$s as bigint), if(%2$s = floor(%2$s), try_cast(%2$s as bigint), null))",
        text, number);
  }

  private static LayerColumn degrees(String name) {
    return of(name, "try_cast(`" + name + "` as double)", "a number");
  }

  /** A date is asked for, since Spark takes a bare time of day for one of the day it runs on. */
  private static LayerColumn time(String name, String form) {
    String parsed =
        String.format(
            "if(substring(`%1$s`, 5, 1) = '-' and substring(`%1$s`, 8, 1) = '-',"
                + " try_cast(`%1$s` as timestamp), null)",
            name);
    return of(name, String.format(form, parsed), "a time in ISO-8601");
  }

  private static LayerColumn media(String name, String field) {
    return new LayerColumn(
        name,
        "from_json(media, 'media_type string, src string')." + field,
        "media is not null and media not like '{%'",
        "media is not an object");
  }

  private static LayerColumn list(String name, String meaning, String element) {
    String parsed = "from_json(`" + name + "`, 'array<string>')";
    return new LayerColumn(
        name,
        "transform(" + parsed + ", element -> " + element + ")",
        String.format(
            "`%1$s` is not null and (%2$s is null"
                + " or exists(%2$s, element -> element is not null and %3$s is null))",
            name, parsed, element),
        name + " is not " + meaning);
  }

  String name() {
    return name;
  }

  /** Its value, from the columns of {@link RawColumns}. */
  Column value() {
    return expr(value).as(name);
  }

  /** Whether there is a text that can't be its value. */
  Column bad() {
    return expr(bad);
  }

  /** Why then its record is rejected. */
  String reason() {
    return reason;
  }
}
