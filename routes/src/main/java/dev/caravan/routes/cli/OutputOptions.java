package dev.caravan.routes.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command shows what it found. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json|csv|yaml",
      defaultValue = "table",
      description = "how it is written (default: ${DEFAULT-VALUE})")
  private OutputFormat format = OutputFormat.TABLE;

  @Mixin private ZoneOption zone = new ZoneOption();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  Report report() {
    CommandLine line = spec.commandLine();
    return new Report(
        new PrintWriter(line.getOut()),
        new PrintWriter(line.getErr()),
        format,
        zone.zone(),
        Terminal.ofProcess());
  }

  ZoneOption zone() {
    return zone;
  }
}
