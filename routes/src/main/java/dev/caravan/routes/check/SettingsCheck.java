package dev.caravan.routes.check;

import dev.caravan.processors.pipelines.BrokenFile;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineFault;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.Timetable;
import dev.caravan.routes.settings.ExaminedSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is found in the settings file and the files of the pipelines. */
record SettingsCheck(ExaminedSettings examined, Clock clock) {
  private static final Pattern KEY = Pattern.compile("caravan(\\.[A-Za-z0-9-]+)+");
  private static final String DIRECTORY = "caravan.pipelines.directory";

  List<Finding> settings() {
    if (examined.problems().isEmpty()) {
      return List.of(
          Finding.ok(Finding.Group.SETTINGS, "file", "Every caravan.* key is known and allowed."));
    }
    return examined.problems().stream().map(SettingsCheck::problem).toList();
  }

  private static Finding problem(String sentence) {
    Matcher key = KEY.matcher(sentence);
    String named = key.find() ? key.group() : "--config";
    return Finding.fault(Finding.Group.SETTINGS, named, named, sentence);
  }

  List<Finding> pipelines() {
    PipelineFiles pipelines = examined.pipelines();
    List<Finding> findings = new ArrayList<>();
    for (BrokenFile broken : pipelines.broken()) {
      for (PipelineFault fault : broken.faults()) {
        findings.add(
            Finding.fault(
                Finding.Group.PIPELINES,
                broken.file(),
                "%s/%s, line %d".formatted(examined.directory(), broken.file(), fault.line()),
                fault.sentence()));
      }
    }
    pipelines.all().forEach(pipeline -> findings.add(good(pipeline)));
    if (findings.isEmpty()) {
      findings.add(
          Finding.fault(
              Finding.Group.PIPELINES,
              examined.directory().toString(),
              DIRECTORY,
              "There is no pipeline in %s: a pipeline is a file NAME.yaml there."
                  .formatted(examined.directory())));
    }
    return findings;
  }

  private Finding good(Pipeline pipeline) {
    return Finding.ok(
        Finding.Group.PIPELINES,
        pipeline.name(),
        "Runs %s on cluster %s, %s."
            .formatted(
                String.join(", ", pipeline.jobNames()),
                pipeline.cluster(),
                pipeline.schedule().map(this::next).orElse("by hand only")));
  }

  private String next(PipelineSchedule schedule) {
    Timetable timetable = schedule.timetable();
    return timetable.slots().next(clock.instant(), 1).stream()
        .findFirst()
        .map(
            slot ->
                "next due %s for %s"
                    .formatted(
                        slot.at().atZone(schedule.zone()).toOffsetDateTime(),
                        slot.date().minusDays(timetable.daysBefore())))
        .orElse("but never falls due");
  }
}
