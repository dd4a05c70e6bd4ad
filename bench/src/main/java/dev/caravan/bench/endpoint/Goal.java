package dev.caravan.bench.endpoint;

import java.util.Locale;
import java.util.OptionalDouble;

/** What a figure of ours must be, beside Livy's in the same run or by itself. */
sealed interface Goal {

  /** Whether it is met; a goal beside Livy's figure isn't if that is missing. */
  boolean met(double ours, OptionalDouble livys);

  /** In words, short. */
  String text();

  /** Ours at least this many times Livy's. */
  record AtLeastTimes(double times) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble livys) {
      return livys.isPresent() && ours >= times * livys.getAsDouble();
    }

    @Override
    public String text() {
      return ">= %s x Livy".formatted(plain(times));
    }
  }

  /** Ours at most this many times Livy's. */
  record AtMostTimes(double times) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble livys) {
      return livys.isPresent() && ours <= times * livys.getAsDouble();
    }

    @Override
    public String text() {
      return "<= %s x Livy".formatted(plain(times));
    }
  }

  /** Ours at most this. */
  record AtMost(double bound) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble livys) {
      return ours <= bound;
    }

    @Override
    public String text() {
      return "<= " + plain(bound);
    }
  }

  /** Ours at least this. */
  record AtLeast(double bound) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble livys) {
      return ours >= bound;
    }

    @Override
    public String text() {
      return ">= " + plain(bound);
    }
  }

  /** Shown to understand the others. */
  record None() implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble livys) {
      return true;
    }

    @Override
    public String text() {
      return "";
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number)
        ? Long.toString((long) number)
        : String.format(Locale.ROOT, "%.1f", number);
  }
}
