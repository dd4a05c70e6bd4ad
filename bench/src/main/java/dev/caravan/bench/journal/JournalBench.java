package dev.caravan.bench.journal;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import dev.caravan.bench.results.Results;
import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.Directories;
import dev.caravan.processors.journal.JournalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command. */
@Command(
    name = "./caravan bench journal",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Compares a journal of many runs with one of few, alternately, on H2 and on PostgreSQL, and prints medians,"
            + " ratios and whether each goal is met.")
public final class JournalBench implements Callable<Integer> {
  private static final int FEW = 100;
  private static final List<String> DATABASES = List.of("h2", "postgresql");

  @Option(
      names = "--databases",
      split = ",",
      paramLabel = "NAME",
      description = "only these: h2, postgresql")
  private List<String> databases = DATABASES;

  @Option(
      names = "--runs",
      defaultValue = "10000",
      description = "in the larger journal; the other has 100; default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(names = "--rounds", defaultValue = "5", description = "default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--calls",
      defaultValue = "100",
      description =
          "of each kind in each round, after as many to warm up; default: ${DEFAULT-VALUE}")
  private int calls;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "bench/target/bench-journal.json",
      description = "default: ${DEFAULT-VALUE}")
  private Path out;

  private JournalBench() {}

  /** Exit code 0 if all goals are met, 1 if one is missed, 2 for bad options. */
  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    System.exit(new CommandLine(new JournalBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException, SQLException {
    if (!DATABASES.containsAll(databases)) {
      System.err.println("bench: of " + databases + " not all are one of " + DATABASES);
      return 2;
    }
    Path directory = Files.createTempDirectory("caravan-bench-");
    Results results = new Results(name(runs), name(FEW));
    try {
      for (String database : databases) {
        if (database.equals("h2")) {
          measureH2(directory, results);
        } else {
          measurePostgres(directory, results);
        }
      }
    } finally {
      Directories.delete(directory);
    }
    System.out.print(results.table());
    results.write(out, circumstances());
    return results.allMet() ? 0 : 1;
  }

  private static String name(int runs) {
    return String.format(Locale.ROOT, "%,d runs", runs);
  }

  private void measureH2(Path directory, Results results) throws SQLException {
    try (JournalSide few = JournalSide.fill(name(FEW), config(directory, "few"), FEW);
        JournalSide many = JournalSide.fill(name(runs), config(directory, "many"), runs)) {
      measure("h2", List.of(few, many), results);
    }
  }

  private void measurePostgres(Path directory, Results results) throws IOException, SQLException {
    try (LocalPostgres server = LocalPostgres.start(directory);
        JournalSide few = JournalSide.fill(name(FEW), config(server, "few"), FEW);
        JournalSide many = JournalSide.fill(name(runs), config(server, "many"), runs)) {
      measure("postgresql", List.of(few, many), results);
    }
  }

  private static JournalConfig config(Path directory, String name) {
    // H2 keeps the answer of a query until something is written.
    return JournalConfig.of(
        "jdbc:h2:file:" + directory.resolve(name) + ";OPTIMIZE_REUSE_RESULTS=FALSE");
  }

  private static JournalConfig config(LocalPostgres server, String name) throws SQLException {
    return new JournalConfig(
        server.newDatabase(name),
        Optional.of(new JournalConfig.Login(server.user(), "")),
        Duration.ofMinutes(1));
  }

  /** The sides take turns, and each round begins with the other one. */
  private void measure(String database, List<JournalSide> sides, Results results) {
    for (String work : sides.get(0).works().keySet()) {
      Metric metric = new Metric(database, work, "ms", new Goal.AtMostTimes(2));
      System.err.println("bench: " + database + ": " + work);
      for (int round = -1; round < rounds; round++) {
        for (int turn = 0; turn < sides.size(); turn++) {
          JournalSide side = sides.get(Math.floorMod(round + turn, sides.size()));
          double median = median(side.works().get(work));
          side.clear();
          if (round >= 0) {
            results.add(metric, side.name(), median);
          }
        }
      }
    }
  }

  /** Of so many calls, in milliseconds. */
  private double median(Runnable work) {
    return LongStream.range(0, calls)
            .map(
                call -> {
                  long begin = System.nanoTime();
                  work.run();
                  return System.nanoTime() - begin;
                })
            .sorted()
            .skip(calls / 2)
            .findFirst()
            .orElse(0)
        / 1e6;
  }

  private Map<String, String> circumstances() {
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("at", Instant.now().toString());
    seen.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    seen.put("java", System.getProperty("java.vm.version"));
    seen.put("runs", Integer.toString(runs));
    seen.put("rounds", Integer.toString(rounds));
    seen.put("calls", Integer.toString(calls));
    return seen;
  }
}
