// One article: the verdict and what speaks for and against it.

function articleView(report, words, back) {
  const evidence = new EvidenceOf(report);
  const view = el("article", { class: "report" },
    back,
    heading(evidence),
    el("div", { class: "verdict-grid" }, verdictPanel(evidence, words), reasonsPanel(report)),
    riskPanel(report),
    figures(evidence),
    stripSection(evidence),
    textsSection(evidence),
    inventedSection(evidence),
    plugSection(evidence),
    creditSection(report),
    styleSection(report),
    sourcesSection(evidence),
    provenanceSection(report));
  joinPlaces(view, evidence);
  return view;
}

function heading(evidence) {
  const { article } = evidence;
  return el("header", { class: "headline" },
    el("p", { class: "kicker" }, "Examined article"),
    el("h1", { dir: "auto", tabindex: "-1" },
      article.title || shorten(evidence.text?.text, 90) || article.id),
    el("p", { class: "meta" }, dotted([
      article.site && el("bdi", {}, article.site), when(article.published),
      isNumber(article.words) && counted(article.words, "word"),
      article.url && link(article.url, "address"),
    ])));
}

function verdictPanel(evidence, words) {
  const { report, derivation } = evidence;
  const label = String(report.verdict?.label || "undecided");
  const first = (report.verdict?.reasons || []).some((r) => r.signal === "published_first");
  const about = first ? "it came before the supposed source" : words.relations[derivation.relation];
  return el("section", { class: `verdict is-${label}`, "aria-label": "Verdict" },
    el("p", { class: "label" }, words.labels[label] || label),
    el("p", { class: "relation" }, about || derivation.relation),
    scale(derivation.probability, words.thresholds),
    derivation.source && sourceCard(evidence),
    el("p", { class: "caution" }, words.caution));
}

function scale(value, thresholds) {
  if (!isNumber(value)) return null;
  const [low, high] = thresholds;
  const at = (share) => 4 + share * 292;
  return el("figure", { class: "scale" },
    svg("svg", {
      viewBox: "0 0 300 26", role: "img",
      "aria-label": `Probability of derivation ${probability(value)}; undecided from ${low} to ${high}`,
    },
    svg("rect", { class: "zone low", x: at(0), y: 12, width: at(low) - at(0) - 1, height: 5 }),
    svg("rect", { class: "zone middle", x: at(low), y: 12, width: at(high) - at(low) - 1, height: 5 }),
    svg("rect", { class: "zone high", x: at(high), y: 12, width: at(1) - at(high), height: 5 }),
    svg("path", { class: "needle", d: `M${at(value)},10 l-4.5,-8 h9 z` })),
    el("figcaption", {}, "Probability of derivation ", el("strong", {}, probability(value))));
}

function sourceCard(evidence) {
  const { derivation, article } = evidence;
  const source = derivation.source;
  const more = (derivation.sources || []).slice(1);
  const card = (item, name) => {
    const lag = lagHours(item.published, article.published);
    const text = evidence.sources.find((each) => each.id === item.id);
    return el("div", { class: "source-card" },
      el("p", { class: "kicker" }, name),
      el("p", { class: "source-title", dir: "auto" }, item.title || shorten(text?.text, 90) || item.id),
      el("p", { class: "meta" }, dotted([
        (text?.site || siteOf(item.url)) && el("bdi", {}, text?.site || siteOf(item.url)),
        when(item.published),
        lag === null ? null : lag >= 0 ? `${duration(lag)} earlier` : `${duration(lag)} later`,
        item.url && link(item.url, "address"),
      ])));
  };
  return el("div", {},
    card(source, more.length ? "First source" : "Source"),
    more.map((item) => card(item, "Further source")));
}

function siteOf(url) {
  const found = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(url || "");
  return found ? found[1].toLowerCase().replace(/^www\./, "") : null;
}

function reasonsPanel(report) {
  const reasons = report.verdict?.reasons || [];
  const notes = reasons.filter((reason) => !reason.contribution);
  return el("section", { class: "reasons", "aria-labelledby": "why-title" },
    el("h2", { id: "why-title" }, "What speaks for and against it"),
    notes.map((reason) => el("p", { class: "limit" }, sentence(reason.says))),
    bars(reasons, "for derivation"));
}

// Reports of earlier versions name a risk without its reasons.
function riskPanel(report) {
  const { risk, risk_reasons: reasons } = report.verdict || {};
  if (!isNumber(risk) || !reasons) return null;
  return el("section", { class: "block reasons risk", "aria-labelledby": "risk-title" },
    el("h2", { id: "risk-title" }, "Should an editor look? ", el("strong", {}, probability(risk))),
    el("p", { class: "small" }, reasons.length > 0
      ? "Derivation, inventions, advertisements and credit, summed up."
      : "Nothing was found that speaks for it."),
    bars(reasons, "for looking"));
}

function bars(reasons, towards) {
  const weighed = reasons.filter((reason) => reason.contribution);
  if (!weighed.length) return null;
  // one outlier, such as "it came first", must not flatten all other bars
  const most = Math.max(0.5, ...weighed.map((r) => Math.min(4, Math.abs(r.contribution))));
  return [
    el("div", { class: "axis", "aria-hidden": "true" },
      el("span", {}, "← against"), el("span", {}, `${towards} →`)),
    el("ul", { class: "bars" }, weighed.map((reason) => bar(reason, most))),
    el("p", { class: "small" }, "Each bar is a signal’s share in log-odds; the strongest are shown."),
  ];
}

const sentence = (text) => {
  const words = String(text || "");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function bar(reason, most) {
  const value = reason.contribution;
  const size = (Math.min(Math.abs(value), most) / most) * 50;
  const shown = `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`;
  return el("li", { class: value > 0 ? "for" : "against" },
    el("span", { class: "says" }, sentence(reason.says)),
    el("span", { class: "track" },
      svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "amount", x: value > 0 ? 50 : 50 - size, y: 0, width: size, height: 10 }),
        svg("rect", { class: "zero", x: 49.8, y: -2, width: 0.4, height: 14 }))),
    el("span", { class: "number" },
      el("span", { class: "hidden" }, value > 0 ? "for: " : "against: "), shown));
}

function figures(evidence) {
  const { derivation, findings, plugs, report } = evidence;
  const contradicted = findings.filter((f) => f.verdict === "contradicted").length;
  const shown = [
    derivation.source && [percent(derivation.coverage), "of the article’s words match the source"],
    derivation.source && [percent(derivation.source_coverage), "of the source is used"],
    [whole(findings.length), findings.length === 1 ? "detail not in the source" : "details not in the source",
      contradicted > 0 && `${contradicted} contradicted by it`],
    [whole(plugs.length), plugs.length === 1 ? "inserted advertisement" : "inserted advertisements"],
    [CREDIT[report.credit?.status]?.[0] || "–", "credit to the source"],
  ].filter(Boolean);
  return el("dl", { class: "figures" }, shown.map(([value, name, more]) =>
    el("div", {}, el("dt", {}, name, more && el("span", { class: "more" }, `, ${more}`)),
      el("dd", {}, value))));
}

const CREDIT = {
  credited: ["Credited", "The article names the source’s outlet."],
  linked: ["Linked", "The article links to the source."],
  licensed: ["Licensed", "A wire mark, licence or tag says the text may be carried."],
  uncredited: ["None", "Nothing in the article names, links or licenses the source."],
  "not-applicable": ["n/a", "There is no source to credit."],
};
