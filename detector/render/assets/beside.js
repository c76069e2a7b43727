// The two texts side by side, and how their passages are joined.

function textsSection(evidence) {
  const title = "Side by side";
  if (!evidence.text) return missingTexts(evidence, title);
  const panes = el("div", { class: `panes${evidence.sources.length ? "" : " alone"}`, "data-shown": "article" },
    pane("article", "Article", [evidence.article], [markedText(evidence.text, evidence.marksInArticle())]),
    evidence.sources.length > 0 && pane("source", evidence.sources.length > 1 ? "Sources" : "Source",
      evidence.sources,
      evidence.sources.map((source) => markedText(source.words, evidence.marksInSource(source)))));
  const about = evidence.sources.length ? null
    : evidence.derivation.source ? "The source’s text is not in this report: scan with --with-text to carry it."
      : "No source is named; the article stands alone.";
  return section("texts", title, about, legend(evidence),
    evidence.sources.length > 0 && switcher(panes), panes, dock());
}

function pane(name, title, texts, bodies) {
  return el("div", { class: `pane ${name}-pane`, role: "region", tabindex: "0", "aria-label": `Text of the ${name}` },
    texts.map((text, i) => [
      el("header", {},
        el("p", { class: "kicker" }, dotted([title, text.site && el("bdi", {}, text.site), day(text.published)])),
        el("h3", { dir: "auto" }, text.title || shorten(text.text, 80) || text.id)),
      el("div", { class: "body" }, bodies[i])]));
}

function legend(evidence) {
  const used = new Set(evidence.matches.map((match) => kindOf(match.kind)[0]));
  const sample = (classes, text) => el("li", {}, el("span", { class: `mark ${classes}`, hue: 230 }, text));
  const items = [
    ...Object.values(KINDS).filter(([name]) => used.has(name)).map(([name, text]) => sample(`match ${name}`, text)),
    evidence.findings.length > 0 && sample("invented", "not in the source"),
    evidence.findings.some((f) => f.source_start !== null) && sample("invented contradicted", "source says otherwise"),
    evidence.plugs.length > 0 && sample("plug", "advertisement"),
    evidence.report.credit?.evidence?.length > 0 && sample("credit-mark", "credit"),
  ].filter(Boolean);
  return items.length ? el("ul", { class: "legend", "aria-label": "How the marks look" }, items) : null;
}

// On a narrow screen one text is shown at a time.
function switcher(panes) {
  const button = (name, text) => el("button", {
    type: "button", "data-show": name, "aria-pressed": String(name === "article"),
    onclick: () => showPane(panes, name),
  }, text);
  return el("div", { class: "switcher", role: "group", "aria-label": "Text shown" },
    button("article", "Article"), button("source", "Source"));
}

function showPane(panes, name) {
  panes.dataset.shown = name;
  for (const each of panes.parentNode.querySelectorAll("[data-show]")) {
    each.setAttribute("aria-pressed", String(each.dataset.show === name));
  }
}

function dock() {
  return el("div", { class: "dock", role: "status", "aria-live": "polite" },
    el("p", { class: "hint" }, "Point at a marked passage, or tab to its number, to see what it belongs to; ",
      "press it to move both texts there."));
}

function missingTexts(evidence, title) {
  const why = evidence.report.texts_left_out ? "The texts are left out to keep this file small"
    : "The texts are not in this report (scan or score with --with-text to carry them)";
  const about = `${why}, so the places are listed alone.`;
  if (!evidence.matches.length) return null;
  return section("texts", title, about, el("div", { class: "table-box", role: "region", tabindex: "0", "aria-label": "Places" },
    el("table", { class: "places" },
      el("thead", {}, el("tr", {}, ["No.", "How", "Characters of the article", "Characters of the source", "Similarity"]
        .map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, evidence.matches.map((match) => el("tr", {},
        el("td", {}, match.number), el("td", {}, kindOf(match.kind)[1]),
        el("td", {}, `${match.start}–${match.end}`),
        el("td", {}, `${match.source_start}–${match.source_end}`),
        el("td", {}, isNumber(match.similarity) ? match.similarity.toFixed(2) : "–")))))));
}

// --- joined by pointing, tabbing and pressing -----------------------------------------------------

function joinPlaces(view, evidence) {
  let lit = "", pressed = ""; // what was pressed stays lit while the pointer is over nothing
  let rest = null; // where it was pressed: texts that scroll under a pointer at rest light nothing
  const isAtRest = (event) => rest && Math.hypot(event.clientX - rest[0], event.clientY - rest[1]) < 2;
  const keysOf = (target) => target.closest?.("[data-k]")?.dataset.k || "";
  const light = (keys) => {
    if (keys === lit) return;
    lit = keys;
    for (const node of view.querySelectorAll(".on")) node.classList.remove("on");
    for (const key of keys.split(" ").filter(Boolean)) {
      for (const node of view.querySelectorAll(`[data-k~="${key}"]`)) node.classList.add("on");
    }
    if (keys) tell(view.querySelector(".dock"), evidence, keys.split(" "));
  };
  view.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || isAtRest(event)) return;
    rest = null;
    light(keysOf(event.target) || pressed);
  });
  view.addEventListener("focusin", (event) => { if (keysOf(event.target)) light(keysOf(event.target)); });
  view.addEventListener("click", (event) => {
    const keys = keysOf(event.target);
    if (!keys) pressed = "";
    if (!keys || getSelection()?.toString()) return;
    if (event.target.closest(".card") && !event.target.closest("button")) return;
    pressed = keys;
    rest = [event.clientX, event.clientY];
    light(keys);
    press(view, keys, event.target);
  });
  view.addEventListener("keydown", (event) => { if (event.key === "Escape") light(pressed = ""); });
}

// Move both sides to a place; the pressed one stays where the eye is.
function press(view, keys, target) {
  const panes = view.querySelector(".panes");
  if (!panes) return;
  const key = keys.split(" ").sort((a, b) => rank(a) - rank(b))[0];
  const from = target.closest(".pane");
  const narrow = getComputedStyle(panes).display !== "grid";
  const jump = Boolean(target.closest("[data-go]"));
  if (narrow && from && !jump) {
    clearOf(view.querySelector(".dock"), target);
    return;
  }
  if (narrow) showPane(panes, jump && !target.closest(".dock") ? "article" : from ? panes.dataset.shown : "source");
  if (!from) panes.scrollIntoView({ block: narrow ? "start" : "center", behavior: motion() });
  const own = from && target.closest(".mark, .ref, .note-ref")
    ? target.getBoundingClientRect().top - from.getBoundingClientRect().top : panes.clientHeight / 3;
  const level = Math.min(Math.max(own, 48), panes.clientHeight * 0.6);
  for (const pane of panes.children) {
    const place = pane.querySelector(`.mark[data-k~="${key}"]`);
    if (!place || (pane === from && level === own)) continue;
    if (narrow) {
      if (pane.offsetParent) place.scrollIntoView({ block: "center", behavior: motion() });
    } else {
      const top = place.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
      pane.scrollTo({ top: top - level, behavior: motion() });
    }
  }
}

// What was pressed must not lie under the note that it brought up.
function clearOf(dock, target) {
  const hidden = target.getBoundingClientRect().bottom - dock.getBoundingClientRect().top + 16;
  if (hidden > 0) scrollBy({ top: hidden, behavior: motion() });
}

const rank = (key) => "fpmc".indexOf(key[0]);
const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

function tell(dock, evidence, keys) {
  if (!dock) return;
  const told = [];
  for (const key of keys) {
    const finding = evidence.findings.find((each) => each.key === key);
    const plug = evidence.plugs.find((each) => each.key === key);
    const match = evidence.matches.find((each) => each.key === key);
    if (finding) told.push(el("p", {}, el("span", { class: "badge" }, finding.letter),
      el("strong", {}, `${finding.kind}, ${finding.verdict}. `), sentence(finding.why), ".",
      finding.source_text && [" The source: ", el("q", { dir: "auto" }, shorten(finding.source_text, 220))]));
    if (plug) told.push(el("p", {}, el("span", { class: "badge plug-badge" }, `Ad ${plug.number}`),
      el("strong", {}, el("bdi", {}, plug.brand), ". "), sentence(plug.why)));
    if (match) told.push(matchTold(evidence, match));
  }
  if (told.length) dock.replaceChildren(...told.slice(0, 3));
}

function matchTold(evidence, match) {
  const source = evidence.sources.find((each) => each.id === match.source) || evidence.sources[0];
  const quote = (words, start, end) => el("q", { dir: "auto" }, shorten(words.slice(start, end), 260));
  return el("div", { class: "pair" },
    el("p", { class: "pair-head" }, el("span", { class: "badge match-badge", hue: match.hue }, String(match.number)),
      el("strong", {}, sentence(kindOf(match.kind)[1])),
      isNumber(match.similarity) && ` · similarity ${match.similarity.toFixed(2)}`,
      el("button", { class: "go narrow-only", type: "button", "data-k": match.key, "data-go": true }, "Show in the source")),
    el("div", { class: "pair-texts" },
      evidence.text && el("p", {}, el("span", { class: "side" }, "Article "), quote(evidence.text, match.start, match.end)),
      source && el("p", {}, el("span", { class: "side" }, "Source "),
        quote(source.words, match.source_start, match.source_end))));
}
