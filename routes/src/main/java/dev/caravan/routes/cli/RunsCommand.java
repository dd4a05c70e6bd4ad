package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.ListPage;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunView;
import dev.caravan.shared.settings.SettingsException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = {
      "Lists runs, the newest first: of which date, how they stand, how long they took, why they failed.",
      "'caravan show RUN' tells all of one."
    })
final class RunsCommand extends ClientCommand {
  @Option(
      names = "--pipeline",
      paramLabel = "NAME",
      description = "of this pipeline (default: of all)")
  private Optional<String> pipeline = Optional.empty();

  @Option(
      names = "--date",
      paramLabel = "DATE[..DATE]",
      description = "of this logical date or span: 2026-11-21, yesterday, -7d..today")
  private Optional<AskedDates> dates = Optional.empty();

  @Option(names = "--from", paramLabel = "DATE", description = "of this logical date or later")
  private Optional<AskedDates> from = Optional.empty();

  @Option(names = "--to", paramLabel = "DATE", description = "of this logical date or earlier")
  private Optional<AskedDates> to = Optional.empty();

  @Option(
      names = "--state",
      split = ",",
      paramLabel = "STATE",
      description = "in one of these states: ${COMPLETION-CANDIDATES}")
  private Set<RunState> states = Set.of();

  @Option(names = "--backfill", paramLabel = "NUMBER", description = "of this backfill")
  private Optional<Long> backfill = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "how many at most (default: ${DEFAULT-VALUE})")
  private int limit = 20;

  @Override
  int call(ControlPlane plane, Report report) {
    if (limit < 1) {
      throw new SettingsException("--limit is " + limit + ", but must be 1 or more.");
    }
    LocalDate today = zone().today(Clock.systemUTC());
    RunFilter filter =
        new RunFilter(
            pipeline,
            from.or(() -> dates).map(asked -> asked.first(today)),
            to.or(() -> dates).map(asked -> asked.last(today)),
            states,
            backfill);
    List<RunView> runs = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      int wanted = Math.min(PageRequest.MOST, limit - runs.size());
      ListPage<RunView> page = plane.runs(filter, new PageRequest(cursor, wanted));
      runs.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent() && runs.size() < limit);
    report.list(runs, Columns.RUNS, "No runs.");
    return ExitCodes.OK;
  }
}
