// The page works without this. With it, it is brought up to date as things happen.
"use strict";
(() => {
  // The same words as the server's: the two largest units.
  const words = seconds => {
    const s = Math.max(0, Math.floor(seconds));
    if (s >= 86400) return `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
    if (s >= 3600) return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
    if (s >= 60) return `${Math.floor(s / 60)} min ${s % 60} s`;
    return `${s} s`;
  };

  const tick = () => document.querySelectorAll("time[data-since]").forEach(each => {
    const text = words((Date.now() - Date.parse(each.dataset.since)) / 1000);
    if (each.textContent !== text) each.textContent = text;
  });

  // What the server sent of each part that changes. The document itself differs: times go on, details are open.
  const sent = new Map();
  const remember = root => root.querySelectorAll("[data-live]").forEach(part => sent.set(part.id, part.outerHTML));

  const replace = (old, fresh) => {
    const open = [...old.querySelectorAll("details[open][id]")].map(each => each.id);
    const scrolled = [...old.querySelectorAll(".scroll")].map(each => [each.getAttribute("aria-label"), each.scrollLeft, each.scrollTop]);
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focus && (focus.id ? `#${CSS.escape(focus.id)}` : focus.getAttribute("href") ? `[href="${CSS.escape(focus.getAttribute("href"))}"]` : null);
    old.replaceWith(fresh);
    open.forEach(id => document.getElementById(id)?.setAttribute("open", ""));
    scrolled.forEach(([label, left, top]) => {
      const same = [...fresh.querySelectorAll(".scroll")].find(each => each.getAttribute("aria-label") === label);
      if (same) { same.scrollLeft = left; same.scrollTop = top; }
    });
    if (place) fresh.querySelector(place)?.focus({ preventScroll: true });
  };

  // A click is a press and a release on one element: what is pressed is not replaced, for 30 s at most.
  let pressed = Promise.resolve();
  let release = () => {};
  document.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    release();
    pressed = new Promise(done => { release = done; setTimeout(done, 30000); });
  });
  ["pointerup", "pointercancel"].forEach(kind => document.addEventListener(kind, () => setTimeout(release)));

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) { location.reload(); return; }
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await pressed;
    page.querySelectorAll("[data-live]").forEach(part => {
      const old = document.getElementById(part.id);
      const text = part.outerHTML;
      if (old && sent.get(part.id) !== text) {
        sent.set(part.id, text);
        replace(old, document.adoptNode(part));
      }
    });
    tick();
  };

  // One at a time, and again if something happened meanwhile.
  let busy = false;
  let again = false;
  const look = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try { await refresh(); } catch { /* The stream of events says whether the server is there. */ }
    busy = false;
    document.body.dataset.refreshed = String(Number(document.body.dataset.refreshed ?? 0) + 1);
    if (again) { again = false; setTimeout(look, 500); }
  };
  let soon = null;
  const lookSoon = () => { soon ??= setTimeout(() => { soon = null; look(); }, 150); };

  const follow = kinds => {
    const note = document.getElementById("connection");
    const say = text => { note.textContent = text; note.hidden = !text; };
    let lost = false;
    const stream = new EventSource("/api/v1/events");
    kinds.forEach(kind => stream.addEventListener(kind, lookSoon));
    stream.onopen = () => { say(""); document.body.dataset.connected = "true"; if (lost) lookSoon(); lost = false; };
    stream.onerror = () => {
      lost = true;
      document.body.dataset.connected = "false";
      say("The connection is lost. Trying again.");
      // The browser gives a stream up that was refused. A sign-in that is over shows when the page is asked for.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => { look(); follow(kinds); }, 5000);
    };
  };

  const kinds = (document.body.dataset.events ?? "").split(" ").filter(Boolean);
  if (kinds.length) {
    remember(document);
    follow(kinds);
    // Costs and times grow without an event.
    setInterval(() => { if (!document.hidden) look(); }, 60000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) lookSoon(); });
  }
  tick();
  setInterval(tick, 1000);

  // A link from elsewhere comes without the strict cookie: whoever has signed in goes on from here.
  const next = document.querySelector("form[data-next]")?.dataset.next;
  if (next) fetch(next, { headers: { Accept: "text/html" } }).then(answer => { if (answer.ok && !answer.redirected) location.replace(next); });

  document.querySelectorAll("input[data-remember]").forEach(field => {
    field.value = localStorage.getItem("name") ?? field.value;
    field.form.addEventListener("submit", () => localStorage.setItem("name", field.value));
  });

  // --- The log: a window of its lines, which follows the end while the reader is there.
  const log = document.getElementById("log");
  if (log) {
    const MOST = 4000;
    const PART = 500;
    const number = (part, name) => Number(part.dataset[name]);
    const parts = () => [...log.querySelectorAll(".log-part")];
    const first = () => number(parts()[0], "from");
    const last = () => number(parts().at(-1), "next");
    const atBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    let total = number(parts()[0], "total");
    let complete = parts()[0].dataset.complete === "true";
    let loading = Promise.resolve();
    let waiting = 0;

    const load = async (from, size) => {
      const answer = await fetch(`${log.dataset.lines}&from=${from}&size=${size}`);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".log-part");
      total = number(part, "total");
      complete = part.dataset.complete === "true";
      document.getElementById("log-total").textContent = total.toLocaleString("en").replaceAll(",", "\u202F");
      document.getElementById("log-state").textContent = complete ? "complete" : "growing";
      return document.adoptNode(part);
    };
    const count = () => last() - first();
    // One load at a time. What the reader asked for waits for its turn; what comes by itself comes again.
    const inTurn = action => {
      waiting++;
      loading = loading.then(action).catch(() => { document.getElementById("log-state").textContent = "which can't be read now"; }).finally(() => waiting--);
      return loading;
    };
    const ifIdle = action => { if (!waiting) inTurn(action); };

    const earlier = async () => {
      const from = Math.max(0, first() - PART);
      if (from === first()) return;
      const part = await load(from, first() - from);
      const height = log.scrollHeight;
      const top = log.scrollTop;
      parts()[0].before(part);
      log.scrollTop = top + log.scrollHeight - height;
      while (count() > MOST && parts().length > 1) parts().at(-1).remove();
    };
    // Whoever reads at the end of the log is kept there; whoever reads on from further up is not taken away.
    const later = async () => {
      const follows = atBottom() && last() >= total;
      for (let round = 0; round < 20; round++) {
        const part = await load(last(), PART);
        if (number(part, "next") === number(part, "from")) return;
        parts().at(-1).after(part);
        while (count() > MOST && parts().length > 1) {
          const height = log.scrollHeight;
          parts()[0].remove();
          log.scrollTop -= height - log.scrollHeight;
        }
        if (!follows) return;
        log.scrollTop = log.scrollHeight;
        if (last() >= total) return;
      }
    };
    const show = (from, size) => inTurn(async () => {
      const part = await load(from, size);
      log.replaceChildren(part);
    });

    log.addEventListener("scroll", () => {
      if (log.scrollTop < 200 && first() > 0) ifIdle(earlier);
      else if (atBottom() && last() < total) ifIdle(later);
    });
    const button = (id, action) => document.getElementById(id)?.addEventListener("click", event => { event.preventDefault(); action(); });
    button("log-first", async () => { await show(0, PART); log.scrollTop = 0; });
    button("log-last", async () => { await show(-1, PART); log.scrollTop = log.scrollHeight; });
    button("log-earlier", () => inTurn(earlier));
    button("log-later", () => inTurn(later));
    // Whoever reads further up is told how far the log has come.
    setInterval(() => {
      if (complete || document.hidden) return;
      ifIdle(last() >= total || atBottom() ? later : () => load(-1, 1));
    }, 2000);
    log.scrollTop = log.scrollHeight;
    const begun = log.scrollTop;
    // What the page loads after this script may have moved the end; a reader may have moved, too.
    window.addEventListener("load", () => { if (log.scrollTop === begun) log.scrollTop = log.scrollHeight; }, { once: true });

    // The whole log is searched, part by part, from the line that was found last.
    const found = document.getElementById("log-found");
    let place = { needle: "", line: -1 };
    const mark = line => {
      log.querySelector(".line.found")?.classList.remove("found");
      const element = document.getElementById(`L${line + 1}`);
      element?.classList.add("found");
      element?.scrollIntoView({ block: "center" });
    };
    const search = async () => {
      const needle = document.getElementById("needle").value.toLowerCase();
      if (!needle) return;
      if (needle !== place.needle) place = { needle, line: -1 };
      found.textContent = "searching";
      const SIZE = 5000;
      for (let from = place.line + 1; from < total;) {
        const answer = await fetch(`${log.dataset.raw}&from=${from}&size=${SIZE}`);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const page = await answer.json();
        const at = page.lines.findIndex(line => line.toLowerCase().includes(needle));
        if (at >= 0) {
          place.line = page.from + at;
          if (place.line < first() || place.line >= last()) await show(Math.max(0, place.line - PART / 2), PART);
          mark(place.line);
          found.textContent = `line ${place.line + 1}`;
          return;
        }
        if (!page.lines.length) break;
        from = page.from + page.lines.length;
        found.textContent = `searching, line ${from}`;
      }
      found.textContent = place.line < 0 ? "not found" : "no more; the next search begins at the first line";
      place.line = -1;
    };
    document.getElementById("log-search").addEventListener("submit", event => {
      event.preventDefault();
      search().catch(() => { found.textContent = "the log can't be read now"; });
    });
  }
})();
