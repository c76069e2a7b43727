// Texts with marks. Offsets count characters as Python does: an emoji is one, not two.

class Words {
  constructor(text) {
    this.text = String(text ?? "");
    this.points = /[\ud800-\udfff]/.test(this.text) ? Array.from(this.text) : null;
    this.length = (this.points || this.text).length;
  }

  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
  }

  // The lines that hold something, as half-open places.
  lines() {
    const found = [];
    let start = 0;
    const units = this.points || this.text;
    for (let i = 0; i <= this.length; i += 1) {
      if (i < this.length && units[i] !== "\n") continue;
      if (this.slice(start, i).trim()) found.push([start, i]);
      start = i + 1;
    }
    return found;
  }
}

// A place as a report gives it, held within the text; null when there is none.
function place(start, end, length) {
  if (!Number.isInteger(start) || !Number.isInteger(end)) return null;
  const [a, b] = [Math.max(0, start), Math.min(length, end)];
  return a < b ? [a, b] : null;
}

const KINDS = {
  identical: ["verbatim", "word for word"],
  "minor-change": ["near", "lightly edited"],
  "same-meaning": ["reworded", "reworded"],
};
const kindOf = (kind) => KINDS[kind] || ["reworded", String(kind)];

const letter = (i) => (i < 26 ? "" : String.fromCharCode(64 + Math.floor(i / 26))) +
  String.fromCharCode(65 + (i % 26));

// A text as paragraphs: each stretch with the same marks is one span that names them.
function markedText(words, marks) {
  const begun = new Set();
  return words.lines().map(([from, to]) => {
    const inside = marks.filter((mark) => mark.start < to && mark.end > from);
    const cuts = new Set([from, to]);
    for (const mark of inside) {
      cuts.add(Math.max(from, mark.start));
      cuts.add(Math.min(to, mark.end));
    }
    const points = [...cuts].sort((a, b) => a - b);
    const paragraph = el("p", { dir: "auto" });
    for (let i = 0; i + 1 < points.length; i += 1) {
      const [a, b] = [points[i], points[i + 1]];
      const here = inside.filter((mark) => mark.start < b && mark.end > a);
      paragraph.append(...stretch(words.slice(a, b), here, b, begun));
    }
    return paragraph;
  });
}

function stretch(text, here, end, begun) {
  if (!here.length) return [text];
  const parts = [];
  for (const mark of here) {
    if (mark.ref && !begun.has(mark)) parts.push(mark.ref());
    begun.add(mark);
  }
  const coloured = here.find((mark) => mark.hue !== undefined);
  const classes = new Set(here.flatMap((mark) => mark.classes));
  parts.push(el("span", {
    class: ["mark", ...classes].join(" "),
    "data-k": here.map((mark) => mark.key).join(" "),
    hue: coloured ? coloured.hue : null,
  }, text));
  for (const mark of here) if (mark.end === end && mark.note) parts.push(mark.note());
  return parts;
}
