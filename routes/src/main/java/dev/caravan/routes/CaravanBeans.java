package dev.caravan.routes;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.SummaryReader;
import dev.caravan.processors.steps.AwaitCluster;
import dev.caravan.processors.steps.AwaitJob;
import dev.caravan.processors.steps.ChooseDate;
import dev.caravan.processors.steps.ClaimRun;
import dev.caravan.processors.steps.CloseRun;
import dev.caravan.processors.steps.DecideOutcome;
import dev.caravan.processors.steps.EndJobs;
import dev.caravan.processors.steps.EndSession;
import dev.caravan.processors.steps.ExpectOutput;
import dev.caravan.processors.steps.ForeignWork;
import dev.caravan.processors.steps.MasterEndpoint;
import dev.caravan.processors.steps.NextJob;
import dev.caravan.processors.steps.NextRun;
import dev.caravan.processors.steps.Pause;
import dev.caravan.processors.steps.RaiseAlarm;
import dev.caravan.processors.steps.RenewLease;
import dev.caravan.processors.steps.StartCluster;
import dev.caravan.processors.steps.StopCluster;
import dev.caravan.processors.steps.StopForgottenClusters;
import dev.caravan.processors.steps.SubmitJob;
import dev.caravan.processors.steps.TakeUpOpenRuns;
import dev.caravan.processors.steps.VerifyOutput;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.cloud.Clusters;
import java.time.Clock;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The beans that the YAML routes call, under the names they call them by. */
final class CaravanBeans {
  /** What the last resort asks, too, which is no route. */
  static final String FOREIGN_WORK = "foreignWork";

  private CaravanBeans() {}

  static void bind(
      CamelContext camel, Settings settings, Journal journal, Clusters clusters, Clock dates) {
    ElapsedClock clock = ElapsedClock.of(dates);
    BatchClient batches = new BatchClient(camel, settings.batchClient());
    OutputVerifier verifier = new OutputVerifier(camel);
    String clusterId = settings.cluster().id();
    MasterEndpoint master = new MasterEndpoint(clusters, clusterId, settings.endpoint());
    ForeignWork foreignWork =
        new ForeignWork(
            journal, batches, master, settings.pipeline(), settings.cluster().stopPolicy());
    Registry beans = camel.getRegistry();
    beans.bind(
        "chooseDate",
        new ChooseDate(clock, settings.schedule().zone(), settings.schedule().dateOffsetDays()));
    beans.bind(
        "claimRun",
        new ClaimRun(
            journal, settings.pipeline(), clusterId, settings.recovery().claimTimeout(), clock));
    beans.bind("startCluster", new StartCluster(journal, clusters, settings.cluster()));
    beans.bind(
        "awaitCluster",
        new AwaitCluster(journal, clusters, batches, settings.cluster(), master, clock));
    beans.bind("nextRun", new NextRun(journal, settings.recovery().atShutdown()));
    beans.bind("nextJob", new NextJob(settings.jobs()));
    beans.bind("submitJob", new SubmitJob(journal, batches, settings.jobs(), clock));
    beans.bind(
        "awaitJob", new AwaitJob(journal, batches, clusters, clusterId, settings.jobs(), clock));
    beans.bind(
        "renewLease", new RenewLease(journal, batches, settings.recovery().leaseTtl(), clock));
    beans.bind("expectOutput", new ExpectOutput(settings.jobs()));
    beans.bind(
        "verifyOutput",
        new VerifyOutput(journal, verifier, new SummaryReader(camel), settings.jobs(), clock));
    beans.bind("decideOutcome", new DecideOutcome(journal, settings.recovery().atShutdown()));
    beans.bind("endJobs", new EndJobs(journal, batches, clusters, master));
    beans.bind(
        "stopCluster", new StopCluster(journal, clusters, foreignWork, settings.cluster(), clock));
    beans.bind("raiseAlarm", new RaiseAlarm(journal, clusterId));
    beans.bind("closeRun", new CloseRun(journal));
    beans.bind("endSession", new EndSession(journal, clusterId));
    beans.bind("takeUpOpenRuns", new TakeUpOpenRuns(journal, settings.pipeline()));
    beans.bind(
        "stopForgottenClusters",
        new StopForgottenClusters(
            journal, clusters, foreignWork, settings.pipeline(), clusterId, clock));
    beans.bind(FOREIGN_WORK, foreignWork);
    beans.bind("pause", new Pause());
    beans.bind("keepOriginal", (AggregationStrategy) (original, polled) -> original);
  }
}
