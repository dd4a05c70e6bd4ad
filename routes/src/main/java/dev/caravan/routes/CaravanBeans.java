package dev.caravan.routes;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.TrustedAuthorities;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.notifications.MailLogin;
import dev.caravan.processors.notifications.MailRoute;
import dev.caravan.processors.notifications.MessageRequest;
import dev.caravan.processors.notifications.NotificationClient;
import dev.caravan.processors.notifications.NotificationTarget;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.SummaryReader;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.steps.AwaitCluster;
import dev.caravan.processors.steps.AwaitJob;
import dev.caravan.processors.steps.CheckBudgets;
import dev.caravan.processors.steps.ChooseDate;
import dev.caravan.processors.steps.ClaimRun;
import dev.caravan.processors.steps.CloseRun;
import dev.caravan.processors.steps.ConfiguredCluster;
import dev.caravan.processors.steps.ConfiguredClusters;
import dev.caravan.processors.steps.DecideOutcome;
import dev.caravan.processors.steps.EndJobs;
import dev.caravan.processors.steps.EndSession;
import dev.caravan.processors.steps.ExpectOutput;
import dev.caravan.processors.steps.ExportTraces;
import dev.caravan.processors.steps.FailJob;
import dev.caravan.processors.steps.ForeignWork;
import dev.caravan.processors.steps.LookForDueRun;
import dev.caravan.processors.steps.MasterEndpoint;
import dev.caravan.processors.steps.NextJob;
import dev.caravan.processors.steps.NextRun;
import dev.caravan.processors.steps.Pause;
import dev.caravan.processors.steps.PingMonitor;
import dev.caravan.processors.steps.QueueDueRuns;
import dev.caravan.processors.steps.RaiseAlarm;
import dev.caravan.processors.steps.RenewLease;
import dev.caravan.processors.steps.SettleNotification;
import dev.caravan.processors.steps.StartCluster;
import dev.caravan.processors.steps.StopCluster;
import dev.caravan.processors.steps.StopForgottenClusters;
import dev.caravan.processors.steps.SubmitJob;
import dev.caravan.processors.steps.TakeNotification;
import dev.caravan.processors.steps.TakeUpEdits;
import dev.caravan.processors.steps.TakeUpOpenRuns;
import dev.caravan.processors.steps.VerifyOutput;
import dev.caravan.processors.steps.WatchUnusedClusters;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.cloud.Clusters;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The beans that the YAML routes call, under the names they call them by. */
final class CaravanBeans {
  /** What the last resort asks, too, which is no route. */
  static final String CLUSTERS = "clusters";

  private CaravanBeans() {}

  static void bind(
      CamelContext camel, Settings settings, Journal journal, Clusters clusters, Clock dates) {
    ElapsedClock clock = ElapsedClock.of(dates);
    PipelineFiles pipelines = settings.pipelines();
    OutputVerifier verifier = new OutputVerifier(camel);
    ConfiguredClusters configured =
        new ConfiguredClusters(
            settings.clusters().stream()
                .map(cluster -> configured(camel, journal, clusters, cluster, pipelines))
                .toList());
    Registry beans = camel.getRegistry();
    beans.bind("chooseDate", new ChooseDate(clock, pipelines::choose));
    beans.bind(
        "claimRun",
        new ClaimRun(
            journal, pipelines::require, configured, settings.recovery().claimTimeout(), clock));
    beans.bind("startCluster", new StartCluster(journal, clusters));
    beans.bind("awaitCluster", new AwaitCluster(journal, clusters, clock));
    beans.bind("nextRun", new NextRun(journal, settings.recovery().atShutdown()));
    beans.bind("nextJob", new NextJob(journal, clock));
    beans.bind("failJob", new FailJob());
    beans.bind("submitJob", new SubmitJob(journal, clock));
    beans.bind("awaitJob", new AwaitJob(journal, clusters, clock));
    beans.bind("renewLease", new RenewLease(journal, settings.recovery().leaseTtl(), clock));
    beans.bind("expectOutput", new ExpectOutput());
    beans.bind(
        "verifyOutput", new VerifyOutput(journal, verifier, new SummaryReader(camel), clock));
    beans.bind("decideOutcome", new DecideOutcome(journal, settings.recovery().atShutdown()));
    beans.bind("endJobs", new EndJobs(journal, clusters));
    beans.bind("stopCluster", new StopCluster(journal, clusters, clock));
    beans.bind("raiseAlarm", new RaiseAlarm(journal));
    beans.bind("closeRun", new CloseRun(journal));
    beans.bind("endSession", new EndSession(journal));
    beans.bind("takeUpOpenRuns", new TakeUpOpenRuns(journal, pipelines::names, configured));
    beans.bind(
        "stopForgottenClusters",
        new StopForgottenClusters(journal, clusters, configured, pipelines::names, clock));
    beans.bind(
        "watchUnusedClusters", new WatchUnusedClusters(journal, clusters, configured, clock));
    beans.bind("takeUpEdits", new TakeUpEdits(journal, pipelines));
    beans.bind("queueDueRuns", new QueueDueRuns(journal, () -> scheduled(settings)));
    beans.bind(
        "checkBudgets",
        new CheckBudgets(journal, () -> budgeted(settings), prices(settings), clock));
    beans.bind("lookForDueRun", new LookForDueRun(journal, configured));
    bindNotifications(camel, settings, journal, clock);
    beans.bind("exportTraces", new ExportTraces(journal, settings.traces(), configured, clock));
    beans.bind(CLUSTERS, configured);
    beans.bind("pause", new Pause());
    beans.bind("keepOriginal", (AggregationStrategy) (original, polled) -> original);
  }

  private static void bindNotifications(
      CamelContext camel, Settings settings, Journal journal, ElapsedClock clock) {
    Registry beans = camel.getRegistry();
    List<NotificationTarget> targets = settings.notifications().targets();
    beans.bind(
        "takeNotification",
        new TakeNotification(
            journal, targets, settings.server().address(), settings.notifications().kept(), clock));
    beans.bind("settleNotification", new SettleNotification(journal, clock));
    beans.bind("pingMonitor", new PingMonitor(journal, settings.notifications().server()));
    camel.addComponent("notify", NotificationClient.create());
    for (NotificationTarget target : targets) {
      target
          .mail()
          .flatMap(MailRoute::ca)
          .ifPresent(
              pem ->
                  beans.bind(
                      MessageRequest.MAIL_TLS + target.name(), TrustedAuthorities.read(pem)));
      target
          .mail()
          .flatMap(MailRoute::login)
          .ifPresent(
              login -> beans.bind(MessageRequest.MAIL_LOGIN + target.name(), MailLogin.of(login)));
    }
  }

  private static List<CheckBudgets.Budgeted> budgeted(Settings settings) {
    return settings.pipelines().all().stream()
        .flatMap(
            pipeline ->
                pipeline.budget().stream()
                    .map(
                        budget ->
                            new CheckBudgets.Budgeted(
                                pipeline.name(), budget, settings.clusterId(pipeline.cluster()))))
        .toList();
  }

  private static Map<String, Prices> prices(Settings settings) {
    Map<String, Prices> prices = new TreeMap<>();
    settings
        .clusters()
        .forEach(
            cluster -> cluster.prices().ifPresent(set -> prices.put(cluster.config().id(), set)));
    return prices;
  }

  private static List<QueueDueRuns.Scheduled> scheduled(Settings settings) {
    return settings.pipelines().all().stream()
        .flatMap(
            pipeline ->
                pipeline.schedule().stream()
                    .map(
                        schedule ->
                            new QueueDueRuns.Scheduled(
                                pipeline.name(), settings.clusterId(pipeline.cluster()), schedule)))
        .toList();
  }

  private static ConfiguredCluster configured(
      CamelContext camel,
      Journal journal,
      Clusters clusters,
      NamedCluster cluster,
      PipelineFiles pipelines) {
    BatchClient batches = new BatchClient(camel, cluster.batches());
    MasterEndpoint master = new MasterEndpoint(clusters, cluster.config().id(), cluster.endpoint());
    return new ConfiguredCluster(
        cluster.name(),
        cluster.config(),
        master,
        batches,
        new ForeignWork(journal, batches, master, pipelines::names, cluster.config().stopPolicy()));
  }
}
