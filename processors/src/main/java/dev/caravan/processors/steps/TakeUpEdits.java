package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.pipelines.BrokenFile;
import dev.caravan.processors.pipelines.PipelineFiles;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/**
 * Takes up what was edited in the pipelines' directory. A file that is broken is an alarm until it
 * is mended or gone, and its last good version stays in use; runs that have begun keep their own.
 */
public final class TakeUpEdits extends Step {
  private final Journal journal;
  private final PipelineFiles files;

  public TakeUpEdits(Journal journal, PipelineFiles files) {
    this.journal = journal;
    this.files = files;
  }

  @Override
  protected void perform(Exchange exchange) {
    List<BrokenFile> broken = files.look();
    broken.forEach(
        file -> journal.alarms().raise(AlarmKind.BROKEN_DEFINITION, file.file(), file.words()));
    Set<String> names = broken.stream().map(BrokenFile::file).collect(Collectors.toSet());
    journal.alarms().raised().stream()
        .filter(alarm -> alarm.kind() == AlarmKind.BROKEN_DEFINITION)
        .map(Alarm::subject)
        .filter(file -> !names.contains(file))
        .forEach(file -> journal.alarms().clear(AlarmKind.BROKEN_DEFINITION, file));
  }
}
