// A whole scan: counts, a table to sort and filter, and one article on demand.

const PAGE = 100;

class ScanPage {
  constructor(app, head, words) {
    Object.assign(this, { app, head, words });
    this.packs = new Packs(head);
  }

  async start() {
    this.rows = await unpacked("rows");
    for (const row of this.rows) row.source = row.from === null ? null : this.head.sources[row.from];
    this.table = new Table(this.rows, this.words);
    this.overview = el("div", { class: "overview" },
      scanHeading(this.head), countsSection(this.head, this.words, (name) => this.table.only(name)),
      this.table.section(this.head), timelineSection(this.rows, this.head, this.words), sitesSection(this.head));
    addEventListener("hashchange", () => this.show());
    await this.show();
  }

  async show() {
    const found = /^#article-(\d+)$/.exec(location.hash);
    const row = found && this.rows[Number(found[1])];
    if (!row || row.report === null) {
      const from = this.app.querySelector(".report") !== null;
      this.app.replaceChildren(this.overview);
      if (from) scrollTo(0, this.left || 0);
      else if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
      return;
    }
    if (this.app.contains(this.overview)) this.left = scrollY;
    const report = await this.packs.report(row.report);
    const view = articleView(report, this.words, this.backTo());
    this.app.replaceChildren(view);
    scrollTo(0, 0);
    view.querySelector("h1").focus({ preventScroll: true });
  }

  backTo() {
    return el("nav", { class: "back", "aria-label": "Back" }, el("a", { href: "#" }, "← All articles"));
  }
}

function scanHeading(head) {
  const { counts } = head;
  const figures = [
    [counts.examined, counts.examined === 1 ? "article examined" : "articles examined"],
    [counts.labels.derivative || 0, "called derivative"],
    [counts.with_inventions, "with details not in the source"],
    [counts.with_plugs, "with advertisements"],
    [counts.sites, counts.sites === 1 ? "site" : "sites"],
    counts.failed > 0 && [counts.failed, "could not be examined"],
  ].filter(Boolean);
  return el("header", { class: "headline" },
    el("p", { class: "kicker" }, "Scan"),
    el("h1", { dir: "auto" }, head.name),
    el("dl", { class: "figures" }, figures.map(([value, name]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, whole(value))))),
    head.notes.map((note) => el("p", { class: "cap" }, note)));
}

// --- counts by relation --------------------------------------------------------------------------

function countsSection(head, words, only) {
  const entries = RELATIONS.filter((name) => head.counts.relations[name])
    .map((name) => [name, head.counts.relations[name]]);
  const total = entries.reduce((sum, [, n]) => sum + n, 0) || 1;
  let before = 0;
  const bars = entries.map(([name, n]) => {
    const x = (before / total) * 1000;
    before += n;
    return svg("rect", { class: `rel-${name}`, x, y: 0, width: Math.max(1, (n / total) * 1000 - 2), height: 30 });
  });
  return section("relations", "How the articles relate to their sources", null,
    svg("svg", { class: "stack", viewBox: "0 0 1000 30", preserveAspectRatio: "none", role: "img",
      "aria-label": entries.map(([name, n]) => `${name} ${n}`).join(", ") }, bars),
    el("ul", { class: "relations" }, entries.map(([name, n]) => el("li", {},
      el("button", { type: "button", title: `Show only these`, onclick: () => only(name) },
        el("span", { class: `swatch rel-${name}` }), el("strong", {}, whole(n)), ` ${name}`),
      el("span", { class: "small" }, words.relations[name])))));
}

const RELATIONS = ["copy", "spun", "rewrite", "summary", "mosaic", "headline-only", "same-event", "none"];

// --- the table -------------------------------------------------------------------------------------

const COLUMNS = [
  { name: "Article", key: "title", value: (row) => (row.title || row.id).toLowerCase(), start: 1 },
  { name: "Published", key: "at", value: (row) => row.at || "", start: -1 },
  { name: "Verdict", key: "label", value: (row) => row.label, start: 1 },
  { name: "Relation", key: "relation", value: (row) => RELATIONS.indexOf(row.relation), start: 1 },
  { name: "Source", key: "source", value: (row) => (row.source?.title || row.source?.id || "\uffff").toLowerCase(), start: 1 },
  { name: "Lag", key: "lag", value: (row) => row.lag ?? Infinity, start: 1, number: true },
  { name: "Matches", key: "coverage", value: (row) => row.coverage, start: -1, number: true },
  { name: "Not in source", key: "inventions", value: (row) => row.inventions + row.contradicted / 1000, start: -1, number: true },
  { name: "Ads", key: "plugs", value: (row) => row.plugs, start: -1, number: true },
  { name: "Credit", key: "credit", value: (row) => row.credit, start: 1 },
  { name: "Risk", key: "risk", value: (row) => row.risk, start: -1, number: true },
];

class Table {
  constructor(rows, words) {
    Object.assign(this, { rows, words, shown: PAGE, sorted: "risk", direction: -1 });
    this.body = el("tbody");
    this.said = el("p", { class: "said", role: "status", "aria-live": "polite" });
    this.more = el("button", { class: "more-rows", type: "button", onclick: () => this.showMore() }, "");
    this.filters = {
      text: el("input", { type: "search", id: "filter-text", placeholder: "Title, site, source, id" }),
      label: this.choice("filter-label", "label", (row) => row.label),
      relation: this.choice("filter-relation", "relation", (row) => row.relation),
      credit: this.choice("filter-credit", "credit", (row) => row.credit),
      site: this.choice("filter-site", "site", (row) => row.site || ""),
      findings: el("select", { id: "filter-findings" }, [["", "any"], ["inventions", "details not in source"],
        ["contradicted", "contradicted details"], ["plugs", "advertisements"]].map(([value, name]) =>
        el("option", { value }, name))),
    };
    // where the table has no heads to press
    this.order = el("select", { id: "sort-by" }, COLUMNS.map((each) =>
      el("option", { value: each.key, selected: each.key === this.sorted }, each.name)));
    this.order.addEventListener("input", () => this.sortBy(COLUMNS.find((c) => c.key === this.order.value)));
    for (const control of Object.values(this.filters)) {
      control.addEventListener("input", () => { this.shown = PAGE; this.draw(); });
    }
  }

  choice(id, name, value) {
    const counts = new Map();
    for (const row of this.rows) counts.set(value(row), (counts.get(value(row)) || 0) + 1);
    const names = [...counts.keys()].filter(Boolean).sort();
    return el("select", { id }, el("option", { value: "" }, "any"),
      names.map((each) => el("option", { value: each }, `${each} (${whole(counts.get(each))})`)));
  }

  only(relation) {
    this.filters.relation.value = relation;
    this.shown = PAGE;
    this.draw();
    document.getElementById("articles").scrollIntoView({ behavior: motion() });
  }

  section() {
    const labelled = (id, name, control) => el("div", {}, el("label", { for: id }, name), control);
    this.heads = COLUMNS.map((column) => el("th", { scope: "col", class: column.number ? "number" : null },
      el("button", { type: "button", onclick: () => this.sortBy(column) }, column.name,
        el("span", { class: "arrow", "aria-hidden": "true" }))));
    this.draw();
    return section("articles", "Articles", null,
      el("form", { class: "filters", role: "search", "aria-label": "Filter the articles" },
        labelled("filter-text", "Search", this.filters.text), labelled("filter-label", "Verdict", this.filters.label),
        labelled("filter-relation", "Relation", this.filters.relation),
        labelled("filter-findings", "Findings", this.filters.findings),
        labelled("filter-credit", "Credit", this.filters.credit), labelled("filter-site", "Site", this.filters.site),
        el("div", { class: "narrow-field" }, el("label", { for: "sort-by" }, "Sort by"), this.order)),
      this.said,
      el("div", { class: "table-box", role: "region", tabindex: "0", "aria-label": "Table of articles" },
        el("table", { class: "articles" }, el("thead", {}, el("tr", {}, this.heads)), this.body)),
      this.more);
  }

  sortBy(column) {
    this.direction = this.sorted === column.key ? -this.direction : column.start;
    this.sorted = column.key;
    this.order.value = column.key;
    this.draw();
  }

  showMore() {
    this.shown += 5 * PAGE;
    this.draw();
  }

  matching() {
    const { text, label, relation, credit, site, findings } = this.filters;
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    return this.rows.filter((row) =>
      (!label.value || row.label === label.value) && (!relation.value || row.relation === relation.value) &&
      (!credit.value || row.credit === credit.value) && (!site.value || row.site === site.value) &&
      (!findings.value || row[findings.value] > 0) && words.every((word) => searchable(row).includes(word)));
  }

  draw() {
    const column = COLUMNS.find((each) => each.key === this.sorted);
    const found = this.matching().map((row) => [column.value(row), row]);
    found.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : 0) * this.direction || x.n - y.n);
    this.heads?.forEach((head, i) => {
      if (COLUMNS[i] !== column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", this.direction > 0 ? "ascending" : "descending");
    });
    const shown = found.slice(0, this.shown);
    this.body.replaceChildren(...shown.map(([, row]) => tableRow(row)));
    const of = found.length === this.rows.length ? "" : ` of ${whole(this.rows.length)}`;
    this.said.textContent = `${counted(found.length, "article")}${of}` +
      (shown.length < found.length ? `, the first ${whole(shown.length)} shown` : "");
    this.more.hidden = shown.length >= found.length;
    this.more.textContent = `Show more (${whole(found.length - shown.length)} left)`;
  }
}

function searchable(row) {
  row.words ??= [row.title, row.site, row.id, row.source?.title, row.source?.site, row.source?.id]
    .filter(Boolean).join(" ").toLowerCase();
  return row.words;
}

function rowLink(row, most) {
  const title = el("bdi", {}, shorten(row.title || row.id, most));
  return row.report === null ? title : el("a", { href: `#article-${row.n}` }, title);
}

function tableRow(row) {
  const cell = (name, ...content) => el("td", { "data-name": name }, content);
  const number = (name, value, more) => el("td", { "data-name": name, class: value ? "number" : "number none" },
    value || "–", more);
  return el("tr", {},
    el("th", { scope: "row" },
      rowLink(row, 140),
      el("span", { class: "meta" }, el("bdi", {}, row.site || row.id))),
    cell("Published", day(row.at) || "–"),
    cell("Verdict", el("span", { class: `tag label-${row.label}` }, row.label)),
    cell("Relation", el("span", { class: `swatch rel-${row.relation}`, "aria-hidden": "true" }), row.relation),
    cell("Source", row.source ? [el("bdi", {}, shorten(row.source.title || row.source.id, 70)),
      el("span", { class: "meta" }, el("bdi", {}, row.source.site || row.source.id))] : "–"),
    number("Lag", row.lag === null ? "" : row.lag < 0 ? `−${duration(row.lag)}` : duration(row.lag)),
    number("Matches", row.source ? percent(row.coverage) : ""),
    number("Not in source", row.inventions, row.contradicted > 0 && el("span", { class: "small" }, ` (${row.contradicted} contradicted)`)),
    number("Ads", row.plugs),
    cell("Credit", row.credit === "not-applicable" ? "–" : row.credit),
    number("Risk", probability(row.risk)));
}
