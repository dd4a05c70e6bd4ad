package dev.caravan.routes.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * An action that is confirmed on the page and done by the API, at the same path below its root.
 *
 * @param path with parameters in braces
 * @param title what is done, with {@code %s} for the parameters
 * @param effect what that means
 * @param button what the button says
 * @param fields of the body beside the note
 * @param back where its effect is seen, with {@code %s} for the parameters
 */
record PageAction(
    String path, String title, String effect, String button, List<Field> fields, String back) {

  /** How a field of the body is written in JSON. */
  enum Kind {
    TEXT,
    YES,
    CATCH_UP
  }

  /** A field of the body. */
  record Field(String name, Kind kind) {}

  private static final String RUN = "/runs/{pipeline}/{date}/{attempt}";

  private static final List<PageAction> ALL =
      List.of(
          new PageAction(
              "/runs",
              "Run a pipeline",
              "Queues a run of the pipeline for the date.",
              "Run",
              List.of(
                  new Field("pipeline", Kind.TEXT),
                  new Field("date", Kind.TEXT),
                  new Field("again", Kind.YES)),
              "/"),
          new PageAction(
              RUN + "/repair",
              "Continue the date of run %s/%s/%s",
              "Queues a further attempt: the jobs that failed, and those that need them. What is verified already is taken over.",
              "Continue",
              List.of(),
              "/page/runs/%s/%s/%s"),
          new PageAction(
              RUN + "/cancel",
              "Cancel run %s/%s/%s",
              "A queued run never begins. A running one ends: its jobs are killed, and its cluster is stopped.",
              "Cancel the run",
              List.of(),
              "/page/runs/%s/%s/%s"),
          new PageAction(
              "/pipelines/{pipeline}/pause",
              "Pause pipeline %s",
              "What falls due is skipped until the pipeline is resumed. What runs goes on, and it can be run by hand.",
              "Pause",
              List.of(),
              "/page/pipelines/%s"),
          new PageAction(
              "/pipelines/{pipeline}/resume",
              "Resume pipeline %s",
              "It falls due again. Choose which of the dates that were skipped are queued now.",
              "Resume",
              List.of(new Field("catchUp", Kind.CATCH_UP)),
              "/page/pipelines/%s"),
          new PageAction(
              "/clusters/{cluster}/stop",
              "Stop cluster %s",
              "The cluster is stopped within the reconciler's interval. Work of others on it still keeps it, as its stop policy says.",
              "Stop the cluster",
              List.of(),
              "/"),
          new PageAction(
              "/backfills",
              "Start a backfill",
              "Queues the dates of the plan.",
              "Start the backfill",
              List.of(
                  new Field("pipeline", Kind.TEXT),
                  new Field("from", Kind.TEXT),
                  new Field("to", Kind.TEXT),
                  new Field("only", Kind.TEXT),
                  new Field("newestFirst", Kind.YES)),
              "/page/backfills"),
          new PageAction(
              "/backfills/{id}/pause",
              "Pause backfill %s",
              "The run that is under way ends; no other begins until the backfill is resumed.",
              "Pause",
              List.of(),
              "/page/backfills/%s"),
          new PageAction(
              "/backfills/{id}/resume",
              "Resume backfill %s",
              "Its queued runs are taken again.",
              "Resume",
              List.of(),
              "/page/backfills/%s"),
          new PageAction(
              "/backfills/{id}/cancel",
              "Cancel backfill %s",
              "Its queued runs never begin. The run that is under way goes on.",
              "Cancel the backfill",
              List.of(),
              "/page/backfills/%s"));

  PageAction {
    fields = List.copyOf(fields);
  }

  /** An action with the parameters that a path has for it. */
  record Asked(PageAction action, List<String> parameters) {
    Asked {
      parameters = List.copyOf(parameters);
    }

    /** The API's path below its root. */
    String path() {
      String path = action.path();
      for (String parameter : parameters) {
        path = path.replaceFirst("\\{\\w+}", Matcher.quoteReplacement(parameter));
      }
      return path;
    }

    String title() {
      return action.title().formatted(parameters.toArray());
    }

    String back() {
      return action.back().formatted(parameters.toArray());
    }

    /** The body, of what the form brought. */
    String json(Map<String, String> form) {
      return PageJson.body(action.fields(), form);
    }
  }

  static Optional<Asked> find(List<String> segments) {
    return ALL.stream().flatMap(action -> action.match(segments).stream()).findFirst();
  }

  private Optional<Asked> match(List<String> segments) {
    String[] pattern = path.substring(1).split("/");
    if (pattern.length != segments.size()) {
      return Optional.empty();
    }
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i].startsWith("{")) {
        parameters.add(segments.get(i));
      } else if (!pattern[i].equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(new Asked(this, parameters));
  }
}
