package dev.caravan.cloud.chaos;

import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command. */
@Command(
    name = "./caravan chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the pipeline on a local cloud again and again, kills its processes and cuts its lines at random messages, and checks what it promises: the cluster"
          + " is stopped, each attempt of a job did its work at most once, the journal tells the truth, no process is left.",
      "Exit code 0: no promise was broken."
    })
public final class Chaos implements Callable<Integer> {
  /** So many messages are struck at a time after those of the undisturbed run. */
  private static final int BEYOND = 4;

  @Option(names = "--runs", defaultValue = "20", description = "default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--seed",
      description =
          "decides all that is done; default: the time. A run is repeated by its own seed and --runs 1")
  private long seed = System.currentTimeMillis();

  @Option(
      names = "--parallel",
      defaultValue = "2",
      description = "runs at the same time; default: ${DEFAULT-VALUE}")
  private int parallel;

  @Option(
      names = "--figures",
      description = "measures each stopper alone, and a good run, instead of disturbing at random")
  private boolean figures;

  @Option(
      names = "--counted",
      split = ",",
      paramLabel = "N",
      description =
          "the messages of an undisturbed run of each shape, as a report names them; they are not counted"
              + " anew then, unless they are 0. With --sweep: of its shape alone")
  private List<Integer> given = List.of();

  @Option(
      names = "--sweep",
      description =
          "kills the orchestrator, and apart the endpoint, once at each message of a run with three dates and"
              + " two jobs")
  private boolean sweep;

  @Option(
      names = "--from",
      paramLabel = "K",
      defaultValue = "1",
      description = "with --sweep: goes on at this message")
  private int from;

  @Option(
      names = "--places",
      paramLabel = "rotate|all",
      defaultValue = "rotate",
      description =
          "with --sweep: one place for each message in turn, or all three; default: ${DEFAULT-VALUE}")
  private Places places;

  @Option(
      names = "--what",
      split = ",",
      paramLabel = "WHAT",
      defaultValue = "orchestrator,endpoint",
      description = "with --sweep: what is killed; default: ${DEFAULT-VALUE}")
  private Set<SweepPoint.What> whats;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "k:place:what",
      converter = PointConverter.class,
      description = "with --sweep: these points alone, for instance 17:before-answer:orchestrator")
  private List<SweepPoint> only = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the report as JSON; default: chaos.json beside the files of the runs")
  private Path out;

  @Option(names = "--keep", description = "keeps the files of every run, not only of a bad one")
  private boolean keep;

  @Mixin private Artifacts artifacts;

  private enum Places {
    ROTATE,
    ALL
  }

  private static final class PointConverter implements ITypeConverter<SweepPoint> {
    @Override
    public SweepPoint convert(String text) {
      try {
        return SweepPoint.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private Chaos() {}

  public static void main(String[] args) {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    System.setProperty("logback.configurationFile", "dev/caravan/cloud/demo/logback.xml");
    ChildProcess.endAllAtExit();
    System.exit(commandLine().execute(args));
  }

  /** The command, for who doesn't want the process to end with it. */
  public static CommandLine commandLine() {
    return new CommandLine(new Chaos()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws Exception {
    List<String> missing = artifacts.settle();
    if (!missing.isEmpty()) {
      missing.forEach(System.err::println);
      return 2;
    }
    Path directory = Files.createTempDirectory("caravan-chaos-");
    try (S3Server s3 = S3Server.start(artifacts.s3Home, directory.resolve("s3"));
        LocalPostgres postgres =
            sweep || figures ? null : LocalPostgres.start(directory.resolve("postgres"))) {
      s3.createBucket(ChaosWorld.BUCKET);
      Players players = new Players(artifacts, s3, Optional.ofNullable(postgres), directory, keep);
      if (figures) {
        System.out.print(new StopTimings(artifacts, s3, directory).measure(runs));
        return 0;
      }
      return sweep ? sweep(players) : random(players, directory);
    } finally {
      System.out.println("files: " + directory);
    }
  }

  private int random(Players players, Path directory)
      throws IOException, InterruptedException, ExecutionException {
    List<Integer> numbers = IntStream.range(0, runs).boxed().toList();
    Set<Shape> drawn =
        numbers.stream()
            .map(run -> ChaosPlan.shapeOf(ChaosPlan.seedOf(seed, run)))
            .collect(Collectors.toSet());
    Map<Shape, Integer> counted = counted(players, Shape.ALL, drawn);
    ChaosReport report = new ChaosReport(seed, written(counted));
    players.each(
        numbers,
        parallel,
        run -> {
          ChaosPlan plan = ChaosPlan.of(ChaosPlan.seedOf(seed, run), counted::get);
          report.add(players.play(plan, "run-%03d".formatted(run), true));
        });
    System.out.print(report.table());
    report.write(out == null ? directory.resolve("chaos.json") : out);
    return report.violations() == 0 ? 0 : 1;
  }

  private int sweep(Players players) throws IOException, InterruptedException, ExecutionException {
    SweepReport report = new SweepReport();
    if (!only.isEmpty()) {
      sweep(players, report, only);
    } else {
      int messages = counted(players, List.of(Shape.SWEEP), Set.of(Shape.SWEEP)).get(Shape.SWEEP);
      sweep(players, report, points(from, messages));
      // Later runs can have more messages than the one that was counted, and the last are the stop.
      int next = Math.max(from, messages + 1);
      while (sweep(players, report, points(next, next + BEYOND - 1))) {
        next += BEYOND;
      }
    }
    System.out.print(report.summary());
    if (out != null) {
      report.write(out);
    }
    return report.violations() == 0 ? 0 : 1;
  }

  private List<SweepPoint> points(int first, int last) {
    return SweepPoint.of(first, last, whats, places == Places.ALL);
  }

  /** Returns whether any of the points was struck, so that there may be further messages. */
  private boolean sweep(Players players, SweepReport report, List<SweepPoint> points)
      throws InterruptedException, ExecutionException {
    AtomicBoolean struck = new AtomicBoolean();
    players.each(
        points,
        parallel,
        point -> {
          long begin = System.nanoTime();
          String name = "point-" + point.toString().replace(':', '-');
          RunReport played = players.play(ChaosPlan.of(point), name, false);
          report.add(point, played, Duration.ofNanos(System.nanoTime() - begin));
          if (played.notStruck() == 0) {
            struck.set(true);
          }
        });
    return struck.get();
  }

  /**
   * How many messages an undisturbed run of each shape sends; each of these runs must go well.
   *
   * @param needed the others are not counted: 0
   */
  private Map<Shape, Integer> counted(Players players, List<Shape> shapes, Set<Shape> needed)
      throws InterruptedException, ExecutionException {
    if (!given.isEmpty() && given.size() != shapes.size()) {
      throw new IllegalArgumentException(
          "--counted takes %d numbers here, not %d".formatted(shapes.size(), given.size()));
    }
    Map<Shape, Integer> counted = new LinkedHashMap<>();
    for (int i = 0; i < shapes.size(); i++) {
      counted.put(shapes.get(i), given.isEmpty() ? 0 : given.get(i));
    }
    Map<Shape, Integer> missing = new ConcurrentHashMap<>();
    players.each(
        shapes.stream().filter(needed::contains).filter(each -> counted.get(each) == 0).toList(),
        parallel,
        shape -> missing.put(shape, players.count(shape)));
    counted.putAll(missing);
    needed.forEach(
        shape ->
            System.out.printf("%d messages in an undisturbed %s%n", counted.get(shape), shape));
    return counted;
  }

  private static String written(Map<Shape, Integer> counted) {
    return counted.values().stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
