"""The page: one file with its style, its script and its data, and a policy that allows no more.

Texts never become markup: they travel as JSON, in which ``<`` is written as an escape, and the
script puts them into text nodes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from detector.report import JSON
from detector.verdict import DERIVATIVE, UNDECIDED, Label, Relation
from detector.version import __version__
from detector.wording import IN_WORDS, probability_shown

_STYLES = ("report.css", "scan.css")
_SCRIPTS = (
    "dom.js text.js evidence.js strip.js article.js findings.js beside.js packs.js timeline.js "
    "sites.js scan.js main.js"
).split()
CAUTION = "Evidence for an editor to weigh, not a judgment of guilt."
# A script's data ends where "</script" stands; "<!--" opens another state of it. Neither can
# occur without "<". The line separators end a line in old JavaScript.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Block:
    """Some data in the page.

    Attributes:
        name: the element's id; lower-case letters, digits and hyphens.
        content: JSON, or gzip in base64.
        type: MIME type; no browser runs it.
    """

    name: str
    content: str
    type: str = "application/json"

    @property
    def html(self) -> str:
        """The element; its content can hold no tag."""
        return f'<script type="{self.type}" id="{self.name}">{self.content}</script>\n'


def json_block(name: str, value: JSON) -> Block:
    """Put a value into the page as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # a lone surrogate has no UTF-8; as an escape, JSON takes it
    text = text.encode("utf8", "backslashreplace").decode("utf8")
    return Block(name, text.translate(_ESCAPES))


@dataclass(frozen=True, slots=True)
class Way:
    """A link at the head of a page that is served, beside what the page says itself."""

    name: str
    address: str


def page(
    title: str, summary: Sequence[str], blocks: Iterable[Block], ways: Sequence[Way] = ()
) -> Iterator[str]:
    """Yield the page in pieces.

    Args:
        title: of the window.
        summary: lines for a reader without scripts.
        blocks: the data.
        ways: links at its head.
    """
    style, script = style_text(), _script_text()
    marker = "$data"
    before, after = _asset("page.html").split(marker)
    values = {
        "policy": page_policy(),
        "title": escape(title),
        "style": style,
        "script": script,
        "summary": "\n".join(f"<p>{escape(line)}</p>" for line in summary),
        "version": escape(__version__),
        "ways": _ways(ways),
    }
    yield Template(before).substitute(values)
    yield json_block("words", _words()).html
    for block in blocks:
        yield block.html
    yield Template(after).substitute(values)


def page_of_report(report: Mapping[str, JSON], ways: Sequence[Way] = ()) -> Iterator[str]:
    """Yield the page of one report, in pieces.

    Args:
        report: as ``Report.to_dict`` returns it; with texts, they are shown side by side.
        ways: links at its head.
    """
    article, verdict = part(report, "article"), part(report, "verdict")
    title = str(article.get("title") or article.get("id"))
    summary = [title, *_summary(verdict, part(report, "derivation")), CAUTION]
    blocks = [json_block("report", dict(report))]
    return page(f"{title} · {verdict.get('label')}", summary, blocks, ways)


def part(report: Mapping[str, JSON], name: str) -> dict[str, JSON]:
    """Return an inner object of a report; empty where the report lacks it."""
    found = report.get(name)
    return found if isinstance(found, dict) else {}


def _summary(verdict: Mapping[str, JSON], derivation: Mapping[str, JSON]) -> Iterator[str]:
    probability = derivation.get("probability")
    shown = probability_shown(probability) if isinstance(probability, float | int) else "unknown"
    yield f"{verdict.get('label')} ({derivation.get('relation')}), probability {shown}"
    source = part(derivation, "source")
    if source:
        yield f"Source: {source.get('title') or source.get('id')} {source.get('url') or ''}"
    yield "The two texts and the evidence are shown by a script; this browser runs none."


def page_policy() -> str:
    """Return a policy under which only this style and this script run, and nothing is fetched."""
    style, script = _digest(style_text()), _digest(_script_text())
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; "
        "base-uri 'none'; form-action 'none'"
    )


def style_text() -> str:
    """Return the style of every page, for pages beside the report."""
    return "\n".join(_asset(name) for name in _STYLES)


def _script_text() -> str:
    body = "\n".join(_asset(name) for name in _SCRIPTS)
    return f'"use strict";(() => {{\n{body}}})();'


def _ways(ways: Sequence[Way]) -> str:
    if not ways:
        return ""
    links = (f'<a href="{escape(way.address)}">{escape(way.name)}</a>' for way in ways)
    return f'<nav aria-label="This page">{"".join(links)}</nav>'


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    return files("detector.render").joinpath("assets", name).read_text(encoding="utf8")


def _words() -> dict[str, JSON]:
    """Return what the script says in the words of the terminal report."""
    return {
        "labels": {str(label): label.capitalize() for label in Label},
        "relations": {str(relation): IN_WORDS[relation] for relation in Relation},
        "thresholds": [UNDECIDED, DERIVATIVE],
        "caution": CAUTION,
    }
