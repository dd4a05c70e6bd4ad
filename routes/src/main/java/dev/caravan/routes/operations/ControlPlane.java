package dev.caravan.routes.operations;

import dev.caravan.processors.journal.RunFilter;
import dev.caravan.processors.schedule.CatchUp;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/**
 * All questions and actions. Each throws an {@link OperationException} when it is refused. For use
 * by many threads.
 */
public interface ControlPlane extends AutoCloseable {

  /** The pipelines by name, without their definitions. */
  List<PipelineView> pipelines();

  PipelineView pipeline(String name);

  /** Runs, the newest first. */
  ListPage<RunView> runs(RunFilter filter, PageRequest page);

  /**
   * @param id {@code pipeline/date/attempt}
   */
  RunDetail run(String id);

  /** A page of a job's log: from the cluster until all of it is in S3, then from there. */
  LogView log(LogRequest request);

  /** The clusters of the settings by name. */
  List<ClusterView> clusters();

  ClusterView cluster(String name);

  /**
   * The uses of clusters, the newest first.
   *
   * @param cluster the name of one of the settings; empty: all
   */
  ListPage<SessionView> sessions(Optional<String> cluster, PageRequest page);

  SessionView session(long id);

  /** Backfills, the newest first. */
  ListPage<BackfillView> backfills(Optional<String> pipeline, PageRequest page);

  BackfillView backfill(long id);

  /** What a backfill would do, if it began now. */
  BackfillPlanView planBackfill(BackfillRequest request);

  /** The alarms that are not cleared, oldest first. */
  List<AlarmView> alarms();

  /**
   * What the clusters have cost in a month of UTC.
   *
   * @param month empty: this one
   */
  CostView cost(Optional<YearMonth> month);

  /** Queues a run by hand. */
  RunAsked run(RunRequest request, Asker asker);

  /**
   * Queues a further attempt at the date of a run that failed, was interrupted or cancelled: the
   * jobs that failed and those that need them; what the date's runs have verified is taken over.
   */
  RunAsked repair(String runId, Asker asker);

  /** Ends a queued run, or asks for the end of a running one; one that has ended stays so. */
  RunView cancel(String runId, Asker asker);

  /** Queues the runs of a backfill. */
  BackfillStarted backfill(BackfillRequest request, Asker asker);

  BackfillView pauseBackfill(long id, Asker asker);

  BackfillView resumeBackfill(long id, Asker asker);

  BackfillView cancelBackfill(long id, Asker asker);

  /** Skips what falls due until it is resumed; one that is paused already stays as it is. */
  PipelineView pause(String pipeline, Asker asker);

  /**
   * Ends a pause, if there is one.
   *
   * @param catchUp which of the dates of the pause are queued
   */
  PipelineView resume(String pipeline, CatchUp catchUp, Asker asker);

  /**
   * Has a cluster stopped that nobody would stop otherwise, for example since it was left running;
   * the reconciler does it, within its interval. Work of others on it still keeps it, as the
   * cluster's stop policy says.
   */
  ClusterView stopCluster(String name, Asker asker);

  /** Makes a backup of the journal where the settings say, and deletes the oldest there. */
  JournalBackupView backupJournal(Asker asker);

  @Override
  void close();
}
