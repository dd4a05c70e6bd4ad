package dev.caravan.routes.page;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.LogView;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunGrids;
import dev.caravan.shared.http.Caller;
import dev.caravan.shared.http.Rights;
import dev.caravan.shared.page.PlainText;
import gg.jte.TemplateOutput;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The pages by their paths. For use by many threads. */
final class Pages {
  private static final int FORBIDDEN = 403;
  private static final int LONGEST_NAME = 100;

  private final ControlPlane plane;
  private final RunGrids grids;
  private final PageActions actions;
  private final PageSessions sessions;
  private final PageProcessor.Identification identification;
  private final Clock clock;
  private final PageAssets assets = new PageAssets();

  Pages(
      ControlPlane plane,
      RunGrids grids,
      PageActions actions,
      PageSessions sessions,
      PageProcessor.Identification identification,
      Clock clock) {
    this.plane = plane;
    this.grids = grids;
    this.actions = actions;
    this.sessions = sessions;
    this.identification = identification;
    this.clock = clock;
  }

  /**
   * @throws OperationException if the control plane refuses it
   */
  PageAnswer answer(PageCall call) {
    List<String> path = call.segments();
    if (path.isEmpty() || path.equals(List.of("page"))) {
      return call.looks() ? now(call) : nothing(call);
    }
    if (!path.get(0).equals("page")) {
      return nothing(call);
    }
    List<String> below = path.subList(1, path.size());
    return switch (below.get(0)) {
      case "assets" -> asset(call, below);
      case "sign-in" -> call.looks() ? signInForm(call, "") : signIn(call);
      case "sign-out" -> call.looks() ? nothing(call) : signOut(call);
      case "do" -> action(call, below.subList(1, below.size()));
      default -> call.looks() ? page(call, below) : nothing(call);
    };
  }

  private PageAnswer page(PageCall call, List<String> path) {
    String kind = path.get(0);
    if (kind.equals("pipelines") && path.size() == 1) {
      Frame frame = frame(call, "Pipelines", "pipelines", true);
      return html(
          200, output -> JtepipelinelistGenerated.render(output, null, frame, plane.pipelines()));
    }
    if (kind.equals("pipelines") && path.size() == 2) {
      return pipeline(call, path.get(1));
    }
    if (kind.equals("runs") && path.size() == 4) {
      return run(call, run(path));
    }
    if (kind.equals("runs") && path.size() >= 7 && path.get(4).equals("jobs")) {
      return log(call, run(path), path.get(5), path.subList(6, path.size()));
    }
    if (kind.equals("backfills") && path.size() <= 2) {
      return path.size() == 1 ? backfills(call) : backfill(call, path.get(1));
    }
    if (kind.equals("cost") && path.size() == 1) {
      CostPageView view = CostPageView.of(plane, call.query("month"));
      Frame frame = frame(call, "Cost of " + view.cost().month(), "cost", !view.isOver());
      return html(200, output -> JtecostGenerated.render(output, null, frame, view));
    }
    return nothing(call);
  }

  private static String run(List<String> path) {
    return String.join("/", path.subList(1, 4));
  }

  private PageAnswer pipeline(PageCall call, String name) {
    int days = call.number("days", 1, PipelinePageView.YEAR, PipelinePageView.MONTH);
    PipelinePageView view = PipelinePageView.of(plane, grids, name, days, clock.instant());
    Frame frame = frame(call, "Pipeline " + name, "pipelines", true);
    return html(200, output -> JtepipelineGenerated.render(output, null, frame, view));
  }

  private PageAnswer backfills(PageCall call) {
    BackfillsView.All view = BackfillsView.All.of(plane, clock.instant());
    Frame frame = frame(call, "Backfills", "backfills", true);
    String chosen = call.query("pipeline").orElse("");
    return html(200, output -> JtebackfillsGenerated.render(output, null, frame, view, chosen));
  }

  private PageAnswer backfill(PageCall call, String id) {
    if (id.equals("plan")) {
      BackfillsView.Plan view =
          BackfillsView.Plan.of(plane, call, UUID.randomUUID().toString(), isShared(call));
      Frame frame =
          frame(call, "Plan of a backfill of " + view.request().pipeline(), "backfills", false);
      return html(200, output -> JtebackfillplanGenerated.render(output, null, frame, view));
    }
    if (!id.matches("\\d{1,18}")) {
      return nothing(call);
    }
    BackfillsView.One view = BackfillsView.One.of(plane, Long.parseLong(id), clock.instant());
    Frame frame = frame(call, "Backfill " + id, "backfills", true);
    return html(200, output -> JtebackfillGenerated.render(output, null, frame, view));
  }

  /**
   * @param kind the rest of the path: the page, its lines alone, or all of it as text
   */
  private PageAnswer log(PageCall call, String run, String job, List<String> kind) {
    Optional<Integer> attempt =
        Optional.of(call.number("attempt", 1, Integer.MAX_VALUE, 0)).filter(each -> each > 0);
    LogRequest request =
        new LogRequest(
            run,
            job,
            attempt,
            call.number("from", -1, Integer.MAX_VALUE, -1),
            call.number("size", 1, JobLogView.PAGE, JobLogView.PAGE));
    String end = String.join("/", kind);
    if (!List.of("log", "log/lines", "log.txt").contains(end)) {
      return nothing(call);
    }
    JobLogView view = JobLogView.of(plane.log(request), attempt);
    return switch (end) {
      case "log/lines" -> html(200, output -> JteloglinesGenerated.render(output, null, view));
      case "log.txt" -> download(view);
      default -> {
        Frame frame = frame(call, "Log of " + job, "", false);
        yield html(200, output -> JtelogGenerated.render(output, null, frame, view));
      }
    };
  }

  private PageAnswer download(JobLogView view) {
    LogView log = view.log();
    String name = (log.run() + "-" + log.job() + "-" + log.attempt()).replaceAll("[^\\w.-]", "-");
    return new PageAnswer(
        200,
        "text/plain; charset=utf-8",
        Map.of(
            "Content-Disposition",
            "attachment; filename=\"" + name + ".log\"",
            "Cache-Control",
            "no-store"),
        new LogDownload(plane, log.run(), log.job(), log.attempt()));
  }

  private PageAnswer nothing(PageCall call) {
    return message(call, 404, "There is nothing at this path.");
  }

  private PageAnswer asset(PageCall call, List<String> path) {
    return Optional.of(path)
        .filter(each -> each.size() == 2 && call.looks())
        .flatMap(each -> assets.find(each.get(1)))
        .orElseGet(() -> nothing(call));
  }

  private PageAnswer now(PageCall call) {
    NowView view = NowView.of(plane, clock.instant());
    Frame frame = frame(call, "Now", "now", true);
    return html(200, output -> JtenowGenerated.render(output, null, frame, view));
  }

  private PageAnswer run(PageCall call, String id) {
    RunPageView view = RunPageView.of(plane, id, clock.instant());
    Frame frame = frame(call, "Run " + id, "", true);
    return html(200, output -> JterunGenerated.render(output, null, frame, view));
  }

  /** A sentence instead of what was asked for. */
  PageAnswer message(PageCall call, int status, String sentence) {
    Frame frame = frame(call, status == 404 ? "Not found" : "This did not work", "", false);
    return html(status, output -> JtemessageGenerated.render(output, null, frame, sentence));
  }

  private Frame frame(PageCall call, String title, String section, boolean live) {
    Caller caller = call.caller();
    return new Frame(
        title,
        section,
        caller.name(),
        caller.rights().include(Rights.OPERATE),
        sessions.isSignedIn(caller),
        sessions.formToken(caller),
        live,
        assets);
  }

  private static PageAnswer html(int status, Consumer<HtmlTemplateOutput> template) {
    TemplateOutput text = new StringOutput();
    template.accept(new OwaspHtmlTemplateOutput(text));
    return PageAnswer.html(status, PlainText.of(text.toString()));
  }

  private PageAnswer signInForm(PageCall call, String refusal) {
    String next = PagePaths.own(call.query("next").orElse("/"));
    Frame frame = frame(call, "Sign in", "", false);
    return html(
        refusal.isEmpty() ? 200 : FORBIDDEN,
        output -> JtesigninGenerated.render(output, null, frame, next, refusal));
  }

  /**
   * A form of another site can't sign anybody in: the server refuses an action of another origin.
   */
  private PageAnswer signIn(PageCall call) {
    String user = call.form().getOrDefault("user", "").strip();
    String secret = call.form().getOrDefault("secret", "").strip();
    String authorization =
        user.isEmpty()
            ? "Bearer " + secret
            : "Basic "
                + Base64.getEncoder()
                    .encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    Optional<Caller> caller = identification.identify(authorization, call.address());
    return caller
        .map(
            known ->
                PageAnswer.seeOther(PagePaths.own(call.form().getOrDefault("next", "/")))
                    .with("Set-Cookie", sessions.begin(known)))
        .orElseGet(
            () ->
                signInForm(
                    call,
                    "This token is wrong, or too many wrong ones came from your address within a minute."));
  }

  private PageAnswer signOut(PageCall call) {
    if (!hasToken(call)) {
      return forged(call);
    }
    return PageAnswer.seeOther(PagePaths.SIGN_IN).with("Set-Cookie", sessions.end(call.caller()));
  }

  private boolean hasToken(PageCall call) {
    return MessageDigest.isEqual(
        sessions.formToken(call.caller()).getBytes(StandardCharsets.UTF_8),
        call.form().getOrDefault("formToken", "").getBytes(StandardCharsets.UTF_8));
  }

  private PageAnswer forged(PageCall call) {
    return message(
        call,
        FORBIDDEN,
        "This form was not made for you by this server, or you have signed in anew since. Nothing was done: go back, load the page again, and repeat it.");
  }

  private PageAnswer action(PageCall call, List<String> path) {
    Optional<PageAction.Asked> asked = PageAction.find(path);
    if (asked.isEmpty()) {
      return nothing(call);
    }
    return call.looks() ? confirm(call, asked.get()) : act(call, asked.get());
  }

  private PageAnswer confirm(PageCall call, PageAction.Asked asked) {
    Frame frame = frame(call, asked.title(), "", false);
    if (!frame.mayAct()) {
      return message(
          call, FORBIDDEN, "The credential '" + frame.caller() + "' may only look at this.");
    }
    ConfirmView view =
        new ConfirmView(asked, call.query(), UUID.randomUUID().toString(), isShared(call));
    return html(200, output -> JteconfirmGenerated.render(output, null, frame, view));
  }

  private static boolean isShared(PageCall call) {
    return call.caller().name().equals(Caller.ANYBODY.name());
  }

  private PageAnswer act(PageCall call, PageAction.Asked asked) {
    if (!hasToken(call)) {
      return forged(call);
    }
    String name = call.form().getOrDefault("name", "").strip();
    PageActions.Outcome outcome =
        actions.act(
            new PageActions.Action(
                asked.path(),
                asked.json(call.form()),
                call.caller(),
                name.substring(0, Math.min(name.length(), LONGEST_NAME)),
                call.form().getOrDefault("key", "")));
    if (outcome.status() >= 400) {
      return message(call, outcome.status(), PageJson.text(outcome.json(), "/detail"));
    }
    return PageAnswer.seeOther(result(outcome.json()).orElse(asked.back()));
  }

  /** Where what was made is seen. */
  private static Optional<String> result(String json) {
    String run = PageJson.text(json, "/run/id");
    String backfill = PageJson.text(json, "/backfill/id");
    if (!run.isEmpty()) {
      return Optional.of(PagePaths.run(run));
    }
    return Optional.of(backfill)
        .filter(id -> !id.isEmpty())
        .map(id -> PagePaths.backfill(Long.parseLong(id)));
  }
}
