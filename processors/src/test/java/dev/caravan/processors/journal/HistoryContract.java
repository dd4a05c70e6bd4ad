package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.ApiRequests.Verdict;
import dev.caravan.processors.schedule.BackfillPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The journal in pages, whatever its database. */
abstract class HistoryContract extends QueueContract {

  private RunFilter own() {
    return new RunFilter(
        Optional.of(pipeline), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());
  }

  private List<Run> queue(int dates) {
    List<Run> queued = new ArrayList<>();
    for (int day = 0; day < dates; day++) {
      queued.add(0, by("ann", DATE.minusDays(day)));
      // Several begin at one instant: the place where a page ends must still be one run.
      CLOCK.pass(day % 3 == 0 ? Duration.ofSeconds(1) : Duration.ZERO);
    }
    return queued;
  }

  private List<Run> inPages(RunFilter filter, int limit) {
    List<Run> all = new ArrayList<>();
    Optional<History.Place> place = Optional.empty();
    List<Run> page;
    do {
      page = journal.history().runs(filter, place, limit);
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page);
      place = page.stream().reduce((a, b) -> b).map(History.Place::of);
    } while (!page.isEmpty());
    return all;
  }

  @Test
  void pagesOfRunsHoldEachRunOnceTheNewestFirst() {
    List<Run> queued = queue(10);

    for (int limit : List.of(1, 3, 10, 11)) {
      List<Run> all = inPages(own(), limit);

      assertThat(all).containsExactlyInAnyOrderElementsOf(queued);
      assertThat(all).isSortedAccordingTo((a, b) -> b.startedAt().compareTo(a.startedAt()));
    }
    assertThat(inPages(RunFilter.ALL, 7)).containsAll(queued);
  }

  @Test
  void filterRestrictsByDatesAndStates() {
    queue(6);
    Run cancelled = journal.runs().cancel(last(DATE.minusDays(2)).id(), "ann", "");
    LocalDate from = DATE.minusDays(3);
    LocalDate to = DATE.minusDays(1);

    assertThat(
            inPages(
                new RunFilter(
                    Optional.of(pipeline),
                    Optional.of(from),
                    Optional.of(to),
                    Set.of(RunState.QUEUED, RunState.RUNNING),
                    Optional.empty()),
                1))
        .extracting(Run::logicalDate)
        .containsExactlyInAnyOrder(from, to);
    assertThat(
            inPages(
                new RunFilter(
                    Optional.of(pipeline),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(RunState.CANCELLED),
                    Optional.empty()),
                5))
        .containsExactly(cancelled);
  }

  @Test
  void backfillsComeInPagesWithTheirProgress() {
    List<Long> ids = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      LocalDate from = DATE.minusDays(10L * number + 2);
      ids.add(
          0,
          journal
              .backfills()
              .begin(
                  pipeline,
                  cluster,
                  new BackfillPlan.Request(
                      from, from.plusDays(1), BackfillPlan.Only.UNFINISHED, false),
                  Optional.empty(),
                  "ann")
              .backfill()
              .orElseThrow()
              .id());
    }
    journal.runs().cancel(last(DATE.minusDays(2)).id(), "ann", "");

    List<Backfill> first = journal.history().backfills(Optional.of(pipeline), Optional.empty(), 2);
    List<Backfill> second =
        journal.history().backfills(Optional.of(pipeline), Optional.of(first.get(1).id()), 2);
    assertThat(first).extracting(Backfill::id).containsExactly(ids.get(0), ids.get(1));
    assertThat(second).extracting(Backfill::id).containsExactly(ids.get(2));
    assertThat(journal.backfills().progress(ids.get(2)))
        .isEqualTo(Map.of(RunState.QUEUED, 1, RunState.CANCELLED, 1));
    assertThat(
            inPages(
                new RunFilter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(),
                    Optional.of(ids.get(0))),
                9))
        .hasSize(2);
  }

  @Test
  void sessionsOfASpanOfTimeAreToldWhole() {
    String cluster = "c-" + pipeline;
    Instant before = CLOCK.instant();
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.sessions().open(run, cluster, true);
    journal.statuses().seen(run, "RUNNING");
    journal.runs().step(run, RunStep.SUBMIT_JOB, "mart");
    journal.jobs().submitting(run, "mart", attempt -> pipeline + attempt);
    CLOCK.pass(Duration.ofSeconds(1));

    List<SessionRecord> found =
        journal.history().sessionsBetween(before, CLOCK.instant()).stream()
            .filter(each -> each.session().clusterId().equals(cluster))
            .toList();

    assertThat(found)
        .singleElement()
        .satisfies(
            session -> {
              assertThat(session.statuses())
                  .extracting(ClusterStatusInterval::status)
                  .containsExactly("RUNNING");
              assertThat(session.runs()).extracting(Run::id).containsExactly(run.id());
              assertThat(session.attempts()).extracting(JobRun::job).containsExactly("mart");
              assertThat(session.steps()).extracting(StepRecord::step).contains(RunStep.SUBMIT_JOB);
            });
    assertThat(journal.history().sessionsBetween(CLOCK.instant(), CLOCK.instant().plusSeconds(9)))
        .noneMatch(each -> each.session().clusterId().equals(cluster));
  }

  @Test
  void sessionTellsItsRunsAndWhatItSaw() {
    by("ann", DATE);
    by("ann", DATE.minusDays(1));
    Run run = take();
    ClusterSession session = journal.sessions().open(run, cluster, true);
    journal.statuses().seen(run, "STARTING");
    CLOCK.pass(Duration.ofSeconds(30));
    journal.statuses().seen(run, "RUNNING");

    History history = journal.history();
    assertThat(history.runningOn(cluster)).contains(now(run));
    assertThat(history.queuedOn(cluster)).isEqualTo(1);
    assertThat(history.sessions(Optional.of(cluster), Optional.empty(), 9))
        .extracting(ClusterSession::id)
        .containsExactly(session.id());
    assertThat(history.sessions(Optional.of(cluster), Optional.of(session.id()), 9)).isEmpty();
    assertThat(history.session(session.id()).orElseThrow().state()).isEqualTo(SessionState.RUNNING);
    assertThat(history.runsOf(session.id())).containsExactly(run.id());
    assertThat(history.statuses(session.id()))
        .extracting(ClusterStatusInterval::status)
        .containsExactly("STARTING", "RUNNING");
    end(run, RunState.SUCCEEDED);
  }

  @Test
  void eventsAreReadOnFromANumber() {
    long before = journal.history().lastEvent();
    Run first = by("ann", DATE);
    Run second = by("ann", DATE.minusDays(1));

    List<StoredEvent> found = journal.history().events(before, 10);

    assertThat(found)
        .extracting(each -> each.event().runId())
        .containsExactly(first.id(), second.id());
    assertThat(journal.history().events(found.get(0).id(), 10)).containsExactly(found.get(1));
    assertThat(journal.history().eventsOf(first.id())).containsExactly(found.get(0));
    assertThat(journal.history().lastEvent()).isEqualTo(found.get(1).id());
  }

  @Test
  void nothingIsToldBehindANumberThatMayStillCome() {
    Instant now = CLOCK.instant();
    List<StoredEvent> found = List.of(event(5, now), event(7, now.minusSeconds(1)));

    assertThat(History.settled(found, 4, now)).containsExactly(found.get(0));
    assertThat(History.settled(found, 3, now)).as("4 may still come").isEmpty();
    assertThat(History.settled(found, 3, now.plusSeconds(6)))
        .as("nobody is that slow: they were never written")
        .isEqualTo(found);
  }

  private static StoredEvent event(long id, Instant at) {
    return new StoredEvent(id, new RunEvent("", at, RunEvent.Kind.PIPELINE_PAUSED, "marts", ""));
  }

  // --- Idempotency keys ---

  @Test
  void actionUnderAKeyIsPerformedOnceAndAnsweredTheSame() {
    ApiRequests requests = journal.apiRequests();
    String key = "key-of-" + pipeline;
    assertThat(requests.begin(key, "print", "ann")).isInstanceOf(Verdict.Perform.class);
    assertThat(other.apiRequests().begin(key, "print", "ann"))
        .as("it is being done, by whomever")
        .isInstanceOf(Verdict.UnderWay.class);
    requests.answered(key, 201, "{}");

    assertThat(other.apiRequests().begin(key, "print", "ann"))
        .isEqualTo(new Verdict.Replay(201, "{}"));
    assertThat(requests.begin(key, "another", "ann")).isInstanceOf(Verdict.OtherRequest.class);
  }

  @Test
  void keyWhoseActionFailedOrDiedIsFreeAgain() {
    ApiRequests requests = journal.apiRequests();
    String key = "key-of-" + pipeline;
    requests.begin(key, "print", "ann");
    requests.failed(key);
    assertThat(requests.begin(key, "print", "ann")).isInstanceOf(Verdict.Perform.class);

    CLOCK.pass(Duration.ofSeconds(61));

    assertThat(requests.begin(key, "print", "ann"))
        .as("its process is dead")
        .isInstanceOf(Verdict.Perform.class);
    requests.answered(key, 200, "{}");
    CLOCK.pass(Duration.ofDays(8));
    requests.begin("another-" + key, "print", "ann");
    assertThat(requests.begin(key, "another", "ann"))
        .as("forgotten after a week")
        .isInstanceOf(Verdict.Perform.class);
  }
}
