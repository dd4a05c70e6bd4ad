package dev.caravan.routes.operations;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.pipelines.BrokenFile;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineFault;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.pipelines.PromisedOutput;
import dev.caravan.processors.schedule.Slot;
import dev.caravan.processors.schedule.Timetable;
import java.time.Clock;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the views of pipelines, of their files and of the journal. */
final class PipelineViews {
  private static final int NEXT = 5;

  private final PipelineFiles files;
  private final Journal journal;
  private final Clock clock;
  private final Function<Run, RunView> runs;

  PipelineViews(PipelineFiles files, Journal journal, Clock clock, Function<Run, RunView> runs) {
    this.files = files;
    this.journal = journal;
    this.clock = clock;
    this.runs = runs;
  }

  /**
   * @param whole with the text of its file
   */
  PipelineView of(Pipeline pipeline, boolean whole) {
    return new PipelineView(
        pipeline.name(),
        pipeline.cluster(),
        pipeline.parallel(),
        pipeline.schedule().map(PipelineViews::schedule),
        pipeline.schedule().map(this::next).orElse(List.of()),
        journal
            .queue()
            .pause(pipeline.name())
            .map(pause -> new PauseView(pause.at(), pause.by(), pause.note())),
        pipeline.jobs().stream().map(PipelineViews::job).toList(),
        faults(pipeline.name()),
        journal.runs().latest(pipeline.name(), 1).stream().findFirst().map(runs),
        whole ? Optional.of(pipeline.text()) : Optional.empty());
  }

  private static ScheduleView schedule(PipelineSchedule set) {
    return new ScheduleView(
        set.cron(),
        set.every(),
        set.zone().getId(),
        set.date().toString(),
        set.catchUp(),
        set.catchUpWindow(),
        set.overlap(),
        set.late(),
        set.doneBy().map(LocalTime::toString));
  }

  private List<FireTime> next(PipelineSchedule set) {
    Timetable timetable = set.timetable();
    return timetable.slots().next(clock.instant(), NEXT).stream()
        .map(slot -> fireTime(slot, set, timetable))
        .toList();
  }

  private static FireTime fireTime(Slot slot, PipelineSchedule set, Timetable timetable) {
    return new FireTime(
        slot.at().atZone(set.zone()).toOffsetDateTime(),
        slot.date().minusDays(timetable.daysBefore()));
  }

  private static PlannedJob job(PipelineJob job) {
    return new PlannedJob(
        job.name(), job.needs(), job.outputs().stream().map(PromisedOutput::at).toList());
  }

  private List<String> faults(String pipeline) {
    return files.broken().stream()
        .filter(broken -> broken.file().equals(pipeline + ".yaml"))
        .map(BrokenFile::faults)
        .flatMap(List::stream)
        .map(PipelineFault::toString)
        .toList();
  }
}
