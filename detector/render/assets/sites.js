// What the results say about each site, and which sites share what.

const FIRST_SITES = 25;

const interval = (share) =>
  share.counted ? `${percent(share.value)} (${Math.round(share.low * 100)}–${Math.round(share.high * 100)})` : "–";

function sitesSection(head) {
  const { sites, networks } = head;
  if (!sites?.length) return null;
  const body = el("tbody", {}, sites.slice(0, FIRST_SITES).map(siteRow));
  const more = sites.length > FIRST_SITES && el("button", { class: "more-rows", type: "button", onclick: () => {
    body.append(...sites.slice(FIRST_SITES).map(siteRow));
    more.hidden = true;
  } }, `Show more (${whole(sites.length - FIRST_SITES)} left)`);
  return section("sites", "Sites",
    "Shares with their 95 % interval: the fewer articles examined, the less a bare percentage would mean. "
    + "Only articles with a named source tell who was credited.",
    el("div", { class: "table-box", role: "region", tabindex: "0", "aria-label": "Table of sites" },
      el("table", { class: "sites" },
        el("thead", {}, el("tr", {}, ["Site", "Examined", "Derivative", "Uncredited", "Median lag",
          "Not in source, per derivative", "Favourite sources", "Advertised brands"].map((name) => el("th", { scope: "col" }, name)))),
        body)), more,
    head.sites_left_out > 0 && el("p", { class: "cap" }, `${counted(head.sites_left_out, "site")} more, with fewer derivatives, in 'detector sites'.`),
    networksPart(networks, head.networks_left_out));
}

function siteRow(site) {
  const cell = (name, ...content) => el("td", { "data-name": name }, content);
  const list = (items) => (items.length ? items.slice(0, 3).map((each) =>
    el("span", { class: "meta" }, el("bdi", {}, each.name), ` ${whole(each.count)}`)) : "–");
  return el("tr", {},
    el("th", { scope: "row" }, el("bdi", {}, site.site)),
    cell("Examined", whole(site.examined)), cell("Derivative", interval(site.derivative)),
    cell("Uncredited", interval(site.uncredited)),
    cell("Median lag", site.median_lag_hours === null ? "–" : duration(site.median_lag_hours)),
    cell("Not in source, per derivative", site.inventions_per_derivative === null ? "–" : site.inventions_per_derivative.toFixed(1)),
    cell("Favourite sources", list(site.sources)), cell("Advertised brands", list(site.brands)));
}

function networksPart(networks, leftOut) {
  if (!networks?.length) return el("p", { class: "about" }, "No two sites share brands, invented details or several sources.");
  return el("div", { class: "networks" }, el("h3", {}, "Networks"),
    el("p", { class: "about" }, "Sites joined by what they share: advertised brands and domains, details that no source has, "
      + "several sources. Sharing is no proof of common ownership."),
    networks.map(networkFigure),
    leftOut > 0 && el("p", { class: "cap" }, `${counted(leftOut, "network")} more, of fewer sites, in 'detector sites'.`));
}

function networkFigure(network, i) {
  const at = new Map(network.sites.map((each) => [each.site, each]));
  const [w, h] = [720, Math.min(560, 220 + network.sites.length * 20)];
  const [x, y] = [(v) => 130 + v * (w - 260), (v) => 36 + v * (h - 72)];
  const picture = svg("svg", { class: "network", viewBox: `0 0 ${w} ${h}`, role: "img",
    "aria-label": `Network ${i + 1}: ${network.sites.map((each) => each.site).join(", ")}` });
  for (const tie of network.ties) {
    const [a, b] = [at.get(tie.sites[0]), at.get(tie.sites[1])];
    picture.append(svg("line", { class: `tie${tie.brands.length ? " by-brand" : tie.inventions.length ? " by-invention" : ""}`,
      x1: x(a.x), y1: y(a.y), x2: x(b.x), y2: y(b.y), "stroke-width": Math.min(6, 1 + Math.log2(1 + tie.weight)) },
    svg("title", {}, tieInWords(tie))));
  }
  for (const each of network.sites) {
    picture.append(svg("circle", { class: "node", cx: x(each.x), cy: y(each.y), r: 5 + Math.min(9, Math.sqrt(each.derivatives) * 2) }),
      svg("text", { x: x(each.x), y: y(each.y) - 18, "text-anchor": "middle" }, shorten(each.site, 32)));
  }
  return el("figure", { class: "network-box" }, picture,
    el("figcaption", {}, el("strong", {}, `Network ${i + 1}: ${counted(network.sites.length, "site")}`),
      network.left_out > 0 && `, ${counted(network.left_out, "site")} more not drawn`),
    el("ul", { class: "plain ties" }, network.ties.slice(0, 8).map((tie) => el("li", {},
      el("bdi", {}, tie.sites[0]), " and ", el("bdi", {}, tie.sites[1]), ` share ${tieInWords(tie)}`))),
    network.ties.length > 8 && el("p", { class: "small" }, `${counted(network.ties.length - 8, "tie")} more.`));
}

function tieInWords(tie) {
  return [
    tie.brands.length && `${tie.brands.length === 1 ? "the brand" : "brands"} ${shorten(tie.brands.slice(0, 3).join(", "), 90)}`,
    tie.inventions.length && `${counted(tie.inventions.length, "invented detail")} (“${shorten(tie.inventions[0], 60)}”)`,
    tie.sources && `${counted(tie.sources, "source")}`,
  ].filter(Boolean).join("; ");
}
