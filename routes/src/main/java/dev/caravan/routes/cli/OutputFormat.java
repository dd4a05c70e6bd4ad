package dev.caravan.routes.cli;

/** How a command writes what it found. */
enum OutputFormat {
  /** For people. */
  TABLE,
  /** All fields, as the API gives them. */
  JSON,
  /** The columns of the table, times and durations as ISO 8601. */
  CSV,
  /** All fields, as the API gives them. */
  YAML
}
