package dev.caravan.shared.page;

import java.util.Locale;

/** A state as a shape, so that it is told without its colour. Each fits into 16 by 16. */
public enum StateShape {
  /** A disk with a tick. */
  SUCCEEDED("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 11.6 3.4 8l1.3-1.3L7 9l4.3-4.3L12.6 6z"),
  /** A square with a cross. */
  FAILED(
      "M1 1h14v14H1zM4.2 5.6 6.6 8l-2.4 2.4 1.4 1.4L8 9.4l2.4 2.4 1.4-1.4L9.4 8l2.4-2.4-1.4-1.4L8 6.6 5.6 4.2z"),
  /** A triangle that points on. */
  RUNNING("M3 1l12 7-12 7z"),
  /** A ring. */
  WAITING("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3z"),
  /** A dash. */
  SKIPPED("M1.5 6.5h13v3h-13z"),
  /** A diamond. */
  CANCELLED("M8 .5 15.5 8 8 15.5.5 8z"),
  /** Two bars. */
  INTERRUPTED("M2.5 2h4v12h-4zM9.5 2h4v12h-4z"),
  /** An empty triangle. */
  NOT_RUN("M8 1.5 15.5 14H.5zM8 5.5 4 12h8z");

  private final String path;

  StateShape(String path) {
    this.path = path;
  }

  /** What it is drawn by, in SVG. */
  public String path() {
    return path;
  }

  /** The class of the style. */
  public String style() {
    return "s-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
