package dev.caravan.bench.results;

import java.util.Locale;
import java.util.OptionalDouble;

/** What a metric of ours must be, beside the baseline's in the same run or by itself. */
public sealed interface Goal {

  /** Whether it is met; a goal beside the baseline's metric isn't if that is missing. */
  boolean met(double ours, OptionalDouble beside);

  /** In words, short. */
  String text(String baseline);

  /** Ours at least this many times the baseline's. */
  record AtLeastTimes(double times) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble beside) {
      return beside.isPresent() && ours >= times * beside.getAsDouble();
    }

    @Override
    public String text(String baseline) {
      return ">= %s x %s".formatted(plain(times), baseline);
    }
  }

  /** Ours at most this many times the baseline's. */
  record AtMostTimes(double times) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble beside) {
      return beside.isPresent() && ours <= times * beside.getAsDouble();
    }

    @Override
    public String text(String baseline) {
      return "<= %s x %s".formatted(plain(times), baseline);
    }
  }

  /** Ours this many times faster, or smaller, than the baseline. */
  record TimesBetter(double times) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble beside) {
      return beside.isPresent() && ours * times <= beside.getAsDouble();
    }

    @Override
    public String text(String baseline) {
      return "<= %s / %s".formatted(baseline, plain(times));
    }
  }

  /** Ours at most this. */
  record AtMost(double bound) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble beside) {
      return ours <= bound;
    }

    @Override
    public String text(String baseline) {
      return "<= " + plain(bound);
    }
  }

  /** Ours at least this. */
  record AtLeast(double bound) implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble beside) {
      return ours >= bound;
    }

    @Override
    public String text(String baseline) {
      return ">= " + plain(bound);
    }
  }

  /** Shown to understand the others. */
  record None() implements Goal {
    @Override
    public boolean met(double ours, OptionalDouble beside) {
      return true;
    }

    @Override
    public String text(String baseline) {
      return "";
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number)
        ? Long.toString((long) number)
        : String.format(Locale.ROOT, "%.1f", number);
  }
}
