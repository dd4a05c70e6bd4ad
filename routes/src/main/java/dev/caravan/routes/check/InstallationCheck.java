package dev.caravan.routes.check;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Probe;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.settings.ExaminedSettings;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.yandex.YandexClusters;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Looks at all that a run needs. It starts nothing, and writes nothing. What can be looked at is
 * looked at, whatever was found before; each look ends within half a minute.
 *
 * @param routes loads the routes and gives their number
 * @param server gives the server that has written this file
 * @param version ours; empty if it isn't known
 */
public record InstallationCheck(
    RouteLoading routes,
    Function<Path, Optional<ControlPlane>> server,
    Optional<String> version,
    Clock clock) {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Loads the routes as a start would. */
  @FunctionalInterface
  public interface RouteLoading {
    /** Gives their number; what it throws says why a start would fail. */
    int load(Settings settings) throws Exception;
  }

  /**
   * What was found, by group.
   *
   * @param offline whether only this machine is looked at
   */
  public List<Finding> findings(ExaminedSettings examined, boolean offline) throws Exception {
    SettingsCheck files = new SettingsCheck(examined, clock);
    List<Finding> findings = new ArrayList<>(files.settings());
    findings.addAll(files.pipelines());
    if (examined.settings().isEmpty()) {
      findings.addAll(skipped("The settings must be corrected first.", Finding.Group.ROUTES));
    } else {
      try (Looks looks = new Looks(LIMIT)) {
        findings.addAll(further(examined.settings().get(), offline, looks));
      }
    }
    // Several looks may find the same clock.
    return findings.stream().distinct().sorted(Comparator.comparing(Finding::group)).toList();
  }

  /** The groups from this one on. */
  private static List<Finding> skipped(String why, Finding.Group first) {
    return Arrays.stream(Finding.Group.values())
        .filter(group -> group.compareTo(first) >= 0)
        .map(group -> Finding.skipped(group, "all", why))
        .toList();
  }

  private List<Finding> further(Settings settings, boolean offline, Looks looks) throws Exception {
    Look routesLook =
        new Look(
            Finding.Group.ROUTES,
            "files",
            "caravan.routes.directory",
            () ->
                List.of(
                    Finding.ok(
                        Finding.Group.ROUTES,
                        "files",
                        "All %d routes can be loaded.".formatted(routes.load(settings)))));
    if (offline) {
      List<Finding> findings = new ArrayList<>(looks.at(List.of(routesLook)));
      findings.addAll(journalOffline(settings));
      findings.addAll(skipped("It needs the network (--offline).", Finding.Group.CLOUD));
      return findings;
    }
    JournalCheck.Opened journal = new JournalCheck(settings, clock, server).open();
    try (ControlPlane plane = journal.plane().orElse(null);
        YandexClusters clusters = YandexClusters.connect(settings.yandex(), clock);
        S3Probe s3 = new S3Probe(settings.s3());
        CamelContext camel = new DefaultCamelContext()) {
      S3Component.configure(camel, settings.s3());
      camel.start();
      List<Look> all = new ArrayList<>(List.of(routesLook, token(settings, clusters)));
      List<Pipeline> pipelines = settings.pipelines().all();
      List<CheckedJob> jobs =
          pipelines.stream()
              .flatMap(pipeline -> CheckedJob.of(pipeline, clock.instant()).stream())
              .toList();
      for (NamedCluster cluster : settings.clusters()) {
        BatchClient batches = new BatchClient(camel, cluster.batches());
        List<CheckedJob> its =
            jobs.stream().filter(job -> job.cluster().equals(cluster.name())).toList();
        ClusterCheck check = new ClusterCheck(cluster, clusters, batches, its, version, clock);
        all.add(new Look(Finding.Group.CLOUD, cluster.name(), check.idKey(), check::look));
      }
      all.addAll(new StorageCheck(s3, clock).looks(jobs));
      all.addAll(
          outputs(pipelines, journal, new OutputVerifier(camel, ElapsedClock.of(clock), LIMIT)));
      List<Finding> findings = new ArrayList<>(List.of(journal.finding()));
      findings.addAll(looks.at(all));
      return findings;
    }
  }

  private List<Finding> journalOffline(Settings settings) {
    if (!JournalCheck.isLocal(settings.journal())) {
      return List.of(
          Finding.skipped(
              Finding.Group.JOURNAL,
              settings.journal().place(),
              "It needs the network (--offline)."));
    }
    JournalCheck.Opened journal = new JournalCheck(settings, clock, server).open();
    journal.plane().ifPresent(ControlPlane::close);
    return List.of(journal.finding());
  }

  private static Look token(Settings settings, YandexClusters clusters) {
    String who = settings.yandex().credentials().describe();
    return new Look(
        Finding.Group.CLOUD,
        "credentials",
        "caravan.yandex.credentials",
        () -> {
          clusters.requireToken();
          return List.of(
              Finding.ok(
                  Finding.Group.CLOUD, "credentials", "The cloud gives a token for " + who + "."));
        });
  }

  private static List<Look> outputs(
      List<Pipeline> pipelines, JournalCheck.Opened journal, OutputVerifier verifier) {
    if (journal.plane().isEmpty()) {
      return List.of(
          new Look(
              Finding.Group.OUTPUTS,
              "all",
              "",
              () ->
                  List.of(
                      Finding.skipped(
                          Finding.Group.OUTPUTS,
                          "all",
                          "The journal, which knows the last runs, is not there yet or can't be read."))));
    }
    OutputCheck check = new OutputCheck(journal.plane().get(), verifier);
    return pipelines.stream().flatMap(pipeline -> check.looks(pipeline).stream()).toList();
  }
}
