// Elements, formats and links. Every text of an article goes through text nodes, never through HTML.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "hue") node.style.setProperty("--h", String(value));
    else if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const percent = (share) => (isNumber(share) ? `${Math.round(share * 100)}%` : "–");
const whole = (number) => Math.round(number).toLocaleString("en-GB");
const counted = (number, noun) => `${whole(number)} ${noun}${number === 1 ? "" : "s"}`;

// No evidence makes anything certain, however the digits round.
const NEARLY_CERTAIN = 0.99;
function probability(value) {
  if (!isNumber(value)) return "–";
  return value > NEARLY_CERTAIN ? `over ${NEARLY_CERTAIN}` : value.toFixed(2);
}

function moment(iso) {
  const at = iso ? new Date(iso) : null;
  return at && !Number.isNaN(at.getTime()) ? at : null;
}

function day(iso) {
  const at = moment(iso);
  if (!at) return null;
  return at.toLocaleDateString("en-GB", {
    day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  });
}

// Crawled dates are often whole days; midnight is shown as a day without an hour.
function when(iso) {
  const at = moment(iso);
  if (!at) return null;
  const hour = at.toISOString().slice(11, 16);
  return hour === "00:00" ? day(iso) : `${day(iso)}, ${hour} UTC`;
}

function lagHours(earlier, later) {
  const [a, b] = [moment(earlier), moment(later)];
  return a && b ? (b - a) / 3600000 : null;
}

function duration(hours) {
  const size = Math.abs(hours);
  if (size < 1) return `${Math.round(size * 60)} min`;
  if (size < 48) return `${Math.round(size)} h`;
  const days = size / 24;
  return days < 60 ? `${days < 10 ? days.toFixed(1).replace(/\.0$/, "") : Math.round(days)} days`
    : `${Math.round(days / 30.4)} months`;
}

// Only addresses of the web become links; anything else stays the text it is.
function link(url, text) {
  const shown = el("bdi", {}, text || url);
  if (!/^https?:\/\//i.test(url || "")) return shown;
  return el("a", { href: url, rel: "noopener noreferrer nofollow", target: "_blank" }, shown);
}

const dotted = (parts) =>
  parts.filter(Boolean).flatMap((part, i) => (i ? [el("span", { class: "dot" }, " · "), part] : [part]));

function shorten(text, most) {
  const flat = String(text || "").replace(/\s+/g, " ").trim();
  return flat.length > most ? `${flat.slice(0, most).replace(/\s\S*$/, "")} …` : flat;
}

function section(id, title, about, ...children) {
  return el("section", { class: "block", id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title` }, title), about && el("p", { class: "about" }, about), ...children);
}
