// Who came first: each source, and the articles made from it in the order of their appearance.

const MOST_SOURCES = 12;
const TICKS = [[1, "1 h"], [6, "6 h"], [24, "1 day"], [72, "3 days"], [168, "1 week"], [720, "1 month"], [8760, "1 year"]];
const SHAPES = {
  copy: "M-6,-6 h12 v12 h-12 z", spun: "M0,-8 l8,8 -8,8 -8,-8 z", rewrite: "M-6.5,0 a6.5,6.5 0 1,0 13,0 a6.5,6.5 0 1,0 -13,0",
  summary: "M0,-8 l7.5,13 h-15 z", mosaic: "M-7,-2.5 h4.5 v-4.5 h5 v4.5 h4.5 v5 h-4.5 v4.5 h-5 v-4.5 h-4.5 z",
  "headline-only": "M0,8 l7.5,-13 h-15 z",
};

function timelineSection(rows, head, words) {
  const groups = new Map();
  for (const row of rows) {
    if (row.from === null || !SHAPES[row.relation] || row.label === "original") continue;
    if (!groups.has(row.from)) groups.set(row.from, []);
    groups.get(row.from).push(row);
  }
  const every = [...groups].map(([at, members]) => ({ source: head.sources[at], members }))
    .sort((a, b) => b.members.length - a.members.length || (a.source.id < b.source.id ? -1 : 1));
  if (!every.length) return null;
  const list = el("ol", { class: "timeline" });
  const said = el("p", { class: "said" });
  const more = el("button", { class: "more-rows", type: "button" });
  const most = every.reduce((longest, { members }) => members.reduce((m, row) => Math.max(m, row.lag ?? 0), longest), 24);
  let shown = 0;
  const show = () => {
    for (const group of every.slice(shown, shown + MOST_SOURCES)) list.append(timelineGroup(group, most));
    shown = Math.min(every.length, shown + MOST_SOURCES);
    said.textContent = `${counted(every.length, "source")}` + (shown < every.length ? `, the ${shown} most used shown` : "");
    more.hidden = shown >= every.length;
    more.textContent = `Show more (${whole(every.length - shown)} left)`;
  };
  more.addEventListener("click", show);
  show();
  const used = Object.keys(SHAPES).filter((name) => rows.some((row) => row.relation === name && row.from !== null));
  return section("timeline", "Who came first",
    "Each source, and how long after it the articles appeared that were made from it. The scale is logarithmic.",
    el("ul", { class: "legend", "aria-label": "Shapes" }, used.map((name) => el("li", {},
      svg("svg", { viewBox: "-9 -9 18 18", class: "shape", "aria-hidden": "true" }, svg("path", { d: SHAPES[name], class: `rel-${name}` })), name))),
    said, list, more);
}

function timelineGroup({ source, members }, most) {
  const dated = members.filter((row) => row.lag !== null).sort((a, b) => a.lag - b.lag || a.n - b.n);
  const undated = members.length - dated.length;
  return el("li", {},
    el("div", { class: "timeline-source" },
      el("p", { class: "source-title", dir: "auto" }, source.title || source.id),
      el("p", { class: "meta" }, dotted([source.site && el("bdi", {}, source.site), when(source.at),
        counted(members.length, "article"), undated > 0 && `${undated} without a date`]))),
    dated.length > 0 && lagPicture(dated, most),
    el("details", {}, el("summary", {}, `List ${counted(members.length, "article")}`),
      el("ol", { class: "plain" }, [...dated, ...members.filter((row) => row.lag === null)].map((row) => el("li", {},
        el("span", { class: "lag" }, row.lag === null ? "no date" : row.lag < 0 ? `${duration(row.lag)} before` : `+ ${duration(row.lag)}`), " ",
        rowLink(row, 110), " ",
        el("span", { class: "small" }, el("bdi", {}, row.site || row.id), `, ${row.relation}`))))));
}

function lagPicture(dated, most) {
  const x = (hours) => 16 + (Math.log1p(Math.max(0, hours)) / Math.log1p(most)) * 960;
  const picture = svg("svg", { class: "lags", viewBox: "0 0 1000 64", role: "group",
    "aria-label": `Lags: ${dated.slice(0, 20).map((row) => duration(row.lag)).join(", ")}` },
  svg("line", { class: "rail", x1: 16, x2: 984, y1: 28, y2: 28 }),
  svg("rect", { class: "origin", x: 14, y: 16, width: 4, height: 24 }));
  for (const [hours, name] of TICKS.filter(([hours]) => hours <= most)) {
    picture.append(svg("line", { class: "tickmark", x1: x(hours), x2: x(hours), y1: 24, y2: 32 }),
      svg("text", { x: x(hours), y: 56, "text-anchor": x(hours) > 940 ? "end" : "middle" }, name));
  }
  for (const row of dated) {
    const about = `${row.title || row.id} (${row.site || row.id}), ${duration(row.lag)} later, ${row.relation}`;
    const dot = svg("path", { class: `rel-${row.relation} dotmark`, d: SHAPES[row.relation],
      transform: `translate(${x(row.lag)},28)` }, svg("title", {}, about));
    // the list below is the way for the keyboard; many dots would be many stops
    picture.append(row.report === null ? dot
      : svg("a", { href: `#article-${row.n}`, tabindex: "-1", "aria-label": about }, dot));
  }
  return picture;
}
