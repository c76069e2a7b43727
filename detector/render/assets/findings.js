// The findings below the texts, each with its reason and a way to its place.

const go = (key, text) =>
  el("button", { class: "go", type: "button", "data-k": key, "data-go": true }, text);

// Words that bring their own quotation marks get no others.
const quoted = (text) => el("blockquote", {
  dir: "auto", class: /^\s*["“„«'‘]/.test(text) ? null : "bare",
}, text);

function inventedSection(evidence) {
  const { findings } = evidence;
  if (!findings.length) return null;
  const about = "Details of the article for which the source has no counterpart (unsupported) or another "
    + "value (contradicted). The outlet may have them from elsewhere: check before you call them invented.";
  return section("invented", `Not in the source: ${counted(findings.length, "detail")}`, about,
    el("ol", { class: "cards" }, findings.map((finding) => inventedCard(evidence, finding))));
}

function inventedCard(evidence, finding) {
  return el("li", { class: `card ${finding.verdict}`, "data-k": finding.key },
    el("p", { class: "card-head" },
      el("span", { class: "badge" }, finding.letter),
      el("span", { class: "kind" }, finding.kind),
      el("span", { class: `tag ${finding.verdict}` }, finding.verdict),
      el("span", { class: "probability" }, probability(finding.probability))),
    quoted(finding.text),
    finding.source_text && el("div", { class: "otherwise" },
      el("p", { class: "kicker" }, "The source says"),
      quoted(finding.source_text)),
    el("p", { class: "why" }, sentence(finding.why)),
    evidence.text && el("p", { class: "card-links" },
      go(finding.key, finding.source_text ? "Show both places" : "Show in the article")));
}

function plugSection(evidence) {
  const { plugs } = evidence;
  if (!plugs.length) return null;
  return section("plugs", counted(plugs.length, "inserted advertisement"),
    "Sentences that promote something foreign to the story.",
    el("ol", { class: "cards" }, plugs.map((plug) => el("li", { class: "card plug-card", "data-k": plug.key },
      el("p", { class: "card-head" },
        el("span", { class: "badge" }, `Ad ${plug.number}`),
        el("bdi", { class: "kind" }, plug.brand),
        el("span", { class: "probability" }, probability(plug.probability))),
      quoted(plug.text),
      el("p", { class: "why" }, sentence(plug.why)),
      plug.domain && el("p", { class: "meta" }, "Points to ", el("bdi", {}, plug.domain)),
      evidence.text && el("p", { class: "card-links" }, go(plug.key, "Show in the article"))))));
}

function creditSection(report) {
  const credit = report.credit || {};
  if (!CREDIT[credit.status] || credit.status === "not-applicable") return null;
  const places = credit.evidence || [];
  return section("credit", `Credit: ${credit.status}`, CREDIT[credit.status][1],
    places.length > 0 && el("ul", { class: "plain" }, places.map((each) => el("li", {},
      el("q", { dir: "auto" }, each.text), " ", el("span", { class: "small" }, each.why)))));
}

// Style alone accuses nobody; it is shown where something was measured.
function styleSection(report) {
  const style = report.style || {};
  const residue = Array.isArray(style.chatbot_residue) ? style.chatbot_residue : [];
  if (!isNumber(style.spun) && !residue.length) return null;
  return section("style", "Style", null,
    isNumber(style.spun) && el("p", {}, "Looks spun, word by word: ", el("strong", {}, probability(style.spun))),
    residue.length > 0 && el("div", {},
      el("p", {}, "Left over from a chat program:"),
      el("ul", { class: "plain" }, residue.map((each) => el("li", {},
        el("q", { dir: "auto" }, typeof each === "string" ? each : each.text), " ",
        el("span", { class: "small" }, each.why))))));
}

function sourcesSection(evidence) {
  const { derivation } = evidence;
  const others = derivation.other_sources || [];
  const chain = (derivation.chain || []).slice(1);
  const shares = derivation.sources || [];
  if (!others.length && !chain.length && shares.length < 2) return null;
  return section("sources", "Other texts that tell it", null, el("ul", { class: "plain" },
    shares.length > 1 && shares.map((each) => el("li", {},
      `${percent(each.share)} of the article’s words come from `, el("bdi", {}, each.title || each.id))),
    chain.map((id) => el("li", {}, el("bdi", {}, id), " appeared after the source and may have passed it on")),
    others.filter((other) => !chain.includes(other.id)).map((other) => el("li", {},
      el("bdi", {}, other.id), ", probability by itself ", probability(other.probability)))));
}

function provenanceSection(report) {
  const made = report.provenance || {};
  const rows = [
    ["detector", made.detector], ["encoder", made.encoder], ["index", made.index],
    ["looked for", (made.examined || []).join(", ")],
    ["found by", (report.derivation?.found_by || []).join(", ")],
    ["article id", report.article?.id], ["source id", report.derivation?.source?.id],
    ...Object.entries(made.models || {}).map(([name, hash]) => [`model ${name}`, hash]),
  ].filter(([, value]) => value);
  return section("provenance", "How this was made", "Enough to make the same report again.",
    el("dl", { class: "provenance" }, rows.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, el("bdi", {}, String(value)))))));
}
