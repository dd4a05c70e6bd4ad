package dev.caravan.processors.notifications;

import dev.caravan.processors.journal.Addressing;
import dev.caravan.processors.journal.AlarmKind;
import java.util.List;
import java.util.Optional;

/** Addresses messages to the configured targets. */
public record TargetAddressing(List<NotificationTarget> targets) implements Addressing {
  public TargetAddressing {
    targets = List.copyOf(targets);
  }

  @Override
  public List<String> ofAlarm(AlarmKind kind, Optional<String> pipeline) {
    return targets.stream()
        .filter(target -> target.gets(kind, pipeline))
        .map(NotificationTarget::name)
        .toList();
  }

  @Override
  public List<String> ofRuns(String pipeline) {
    return targets.stream()
        .filter(target -> target.watches(pipeline))
        .map(NotificationTarget::name)
        .toList();
  }
}
