// The strip: the article above, its source below, a ribbon from each passage to where it comes from.

const STRIP = { width: 1000, height: 190, bar: 16, top: 22, bottom: 152 };

function stripFigure(evidence) {
  const whole = evidence.length || Math.max(1, ...evidence.matches.map((m) => m.end));
  const source = evidence.sourcesLength ||
    Math.max(1, ...evidence.matches.map((m) => m.source_end));
  const x = (at) => (at / whole) * STRIP.width;
  const y = (at) => (at / source) * STRIP.width;
  const picture = svg("svg", {
    viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, preserveAspectRatio: "none", class: "strip",
    role: "img", "aria-label": stripInWords(evidence),
  });
  for (const top of [STRIP.top, STRIP.bottom]) {
    picture.append(svg("rect", { class: "bar", x: 0, y: top, width: STRIP.width, height: STRIP.bar }));
  }
  for (const match of evidence.matches) {
    const before = Math.max(0, evidence.offsetOf(match.source));
    picture.append(ribbon(match, x(match.start), x(match.end),
      y(before + match.source_start), y(before + match.source_end)));
  }
  for (const item of [...evidence.findings, ...evidence.plugs]) {
    const at = x((item.start + item.end) / 2);
    const shape = item.key[0] === "f" ? `M${at - 5},4 h10 l-5,11 z` : `M${at - 5},4 h10 v10 h-10 z`;
    picture.append(svg("path", {
      class: item.key[0] === "f" ? "tick invented-tick" : "tick plug-tick", d: shape, "data-k": item.key,
    }));
  }
  let before = 0;
  for (const text of evidence.sources.slice(0, -1)) {
    before += text.words.length;
    picture.append(svg("rect", {
      class: "divider", x: y(before) - 1.5, y: STRIP.bottom - 6, width: 3, height: STRIP.bar + 12,
    }));
  }
  return picture;
}

function ribbon(match, a, b, c, d) {
  const [top, bottom] = [STRIP.top + STRIP.bar, STRIP.bottom];
  const middle = (top + bottom) / 2;
  const [name] = kindOf(match.kind);
  const [wide, low] = [Math.max(b, a + 2), Math.max(d, c + 2)];
  return svg("g", { class: `ribbon ${name}`, "data-k": match.key, hue: match.hue },
    svg("rect", { x: a, y: STRIP.top, width: wide - a, height: STRIP.bar }),
    svg("rect", { x: c, y: STRIP.bottom, width: low - c, height: STRIP.bar }),
    svg("path", {
      d: `M${a},${top} C${a},${middle} ${c},${middle} ${c},${bottom} L${low},${bottom} ` +
        `C${low},${middle} ${wide},${middle} ${wide},${top} Z`,
    }));
}

function stripInWords(evidence) {
  const { forward, steps } = evidence.order;
  const places = counted(evidence.matches.length, "passage");
  if (!steps) return `${places} of the article found in the source.`;
  const share = forward / steps;
  const kept = share > 0.9 ? "kept" : share > 0.65 ? "mostly kept" : "shuffled";
  return `${places} of the article found in the source. The source’s order is ${kept}: ` +
    `${forward} of ${steps} steps from one passage to the next go forward in it.`;
}

function stripSection(evidence) {
  if (!evidence.matches.length) return null;
  const named = evidence.sources.length > 1
    ? `Sources, end to end: ${evidence.sources.map((s) => shorten(s.title || s.id, 48)).join(" | ")}`
    : "Source";
  return section("strip", "Where each part comes from", stripInWords(evidence),
    el("div", { class: "strip-box" },
      el("p", { class: "strip-label" }, el("span", {}, "Article"),
        evidence.findings.length > 0 && el("span", { class: "key" },
          el("span", { class: "glyph invented-glyph", "aria-hidden": "true" }, "▼"), " not in the source"),
        evidence.plugs.length > 0 && el("span", { class: "key" },
          el("span", { class: "glyph plug-glyph", "aria-hidden": "true" }, "■"), " advertisement")),
      stripFigure(evidence),
      el("p", { class: "strip-label" }, el("span", {}, named),
        el("span", { class: "key" }, "beginning to end, colour follows the place in the source"))));
}
