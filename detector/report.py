"""A report: one article, the verdict on it, and the evidence, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import indent, shorten, wrap

from detector.alignment import Match
from detector.article import Article, Span
from detector.evidence.credit import Credit, credit_of_all
from detector.evidence.fabrication import Finding
from detector.evidence.plugs import Plug
from detector.verdict import Judged, Label, Relation, Verdict, names_source

SCHEMA_VERSION = 1
# A terminal line that reads well; quoted stretches are shortened to two of them.
WIDTH = 96
QUOTED = 150
# Below this width nothing can be shown side by side.
NARROWEST = 48
# The text form shows the longest passages and matches; the JSON has all.
SHOWN_PASSAGES = 6
# No evidence makes anything certain, however the digits round.
NEARLY_CERTAIN = 0.99

# The findings that this version looks for; an empty list of any other says nothing.
EXAMINED = ("derivation", "credit", "plugs", "fabrications")

# JSON-ready values, as ``json.dumps`` takes them.
JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a report: enough to produce it again.

    Attributes:
        detector: its version.
        models: SHA-256 of each.
        encoder: its name.
        index: name of its folder, or "memory".
        examined: the findings that were looked for.
    """

    detector: str
    models: Mapping[str, str]
    encoder: str
    index: str
    examined: tuple[str, ...] = EXAMINED

    def to_dict(self) -> dict[str, JSON]:
        """Return the fields as JSON-ready values."""
        return {
            "detector": self.detector,
            "models": dict(self.models),
            "encoder": self.encoder,
            "index": self.index,
            "examined": list(self.examined),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What examining one article found.

    Attributes:
        article: the article.
        verdict: what it was made from.
        provenance: what produced the report.
        plugs: what promotes something foreign to the story, in the order of the article.
    """

    article: Article
    verdict: Verdict
    provenance: Provenance
    plugs: tuple[Plug, ...] = ()
    fabrications: tuple[Finding, ...] = ()

    @property
    def is_flagged(self) -> bool:
        """Whether the evidence says the article is a derivative."""
        return self.verdict.label is Label.DERIVATIVE

    @property
    def names_source(self) -> bool:
        """Whether a source is worth naming; the nearest of some unrelated ones is not."""
        return names_source(self.verdict)

    @property
    def matches(self) -> tuple[tuple[Judged, Match], ...]:
        """Sentence matches with the source of each; the best one where several claim a place."""
        return _best_of(self.verdict.sources, passages=False) if self.names_source else ()

    @property
    def passages(self) -> tuple[tuple[Judged, Match], ...]:
        """Reused stretches with the source of each, disjoint, in the order of the article."""
        return _best_of(self.verdict.sources, passages=True) if self.names_source else ()

    @property
    def credit(self) -> Credit:
        """Whether the best source is credited; of a mosaic, the one that is credited least."""
        verdict = self.verdict
        if not verdict.sources or verdict.relation in {Relation.NONE, Relation.SAME_EVENT}:
            return Credit("not-applicable")
        return credit_of_all([judged.evidence.credit for judged in verdict.sources])

    def to_dict(self, *, with_text: bool = False) -> dict[str, JSON]:
        """Return the report as JSON-ready values, in the schema of the public contract."""
        verdict = self.verdict
        article = _article_dict(self.article)
        if with_text:
            article["text"] = self.article.text
        return {
            "schema_version": SCHEMA_VERSION,
            "article": article,
            "verdict": {
                "label": str(verdict.label),
                "risk": round(verdict.risk, 4),
                "reasons": [
                    {
                        "signal": reason.signal,
                        "value": round(reason.value, 4),
                        "contribution": round(reason.contribution, 3),
                        "says": reason.says,
                    }
                    for reason in verdict.reasons
                ],
            },
            "derivation": self._derivation_dict(),
            "credit": _credit_dict(self.credit),
            "plugs": [_plug_dict(plug, self.article.text) for plug in self.plugs],
            "fabrications": [_finding_dict(self.article, f) for f in self.fabrications],
            "passages": [_match_dict(judged, match) for judged, match in self.passages],
            "alignment": [_match_dict(judged, match) for judged, match in self.matches],
            "style": {"spun": None, "chatbot_residue": []},
            "provenance": self.provenance.to_dict(),
        }

    def text(self, *, width: int = WIDTH) -> str:
        """Return the report for reading in a terminal."""
        return "\n".join(_lines(self, width))

    def _derivation_dict(self) -> dict[str, JSON]:
        verdict = self.verdict
        shown: dict[str, JSON] = {
            "relation": str(verdict.relation),
            "probability": round(verdict.probability, 4),
            "coverage": 0.0,
            "source_coverage": 0.0,
            "found_by": [],
            "source": None,
            "other_sources": [
                {"id": judged.source.id, "probability": round(judged.probability, 4)}
                for judged in verdict.others
            ],
        }
        shown["sources"] = []
        shown["chain"] = []
        shown["sibling_probability"] = round(verdict.sibling, 4)
        if self.names_source:
            best = verdict.sources[0]
            alignment = best.evidence.alignment
            source = _article_dict(best.source)
            del source["words"], source["site"]
            shown["source"] = source
            shown["found_by"] = list(best.evidence.found_by)
            shown["coverage"] = round(alignment.coverage, 4)
            shown["source_coverage"] = round(alignment.source_coverage, 4)
            shown["sources"] = [
                {"id": judged.source.id, "share": round(share, 4)}
                for judged, share in zip(verdict.sources, verdict.shares, strict=True)
            ]
            shown["chain"] = [judged.source.id for judged in (best, *verdict.chain)]
        return shown


def _best_of(sources: tuple[Judged, ...], *, passages: bool) -> tuple[tuple[Judged, Match], ...]:
    """Return the matches of all sources; where two overlap, the more similar one."""
    every = [
        (judged, match)
        for judged in sources
        for match in (
            judged.evidence.alignment.passages if passages else judged.evidence.alignment.matches
        )
    ]
    kept: list[tuple[Judged, Match]] = []
    for judged, match in sorted(every, key=lambda pair: (-pair[1].similarity, pair[1].span)):
        if not any(_overlap(match.span, other.span) for _, other in kept):
            kept.append((judged, match))
    return tuple(sorted(kept, key=lambda pair: pair[1].span))


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _article_dict(article: Article) -> dict[str, JSON]:
    return {
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "words": article.words,
    }


def _match_dict(judged: Judged, match: Match) -> dict[str, JSON]:
    return {
        "start": match.span.start,
        "end": match.span.end,
        "source_start": match.source_span.start,
        "source_end": match.source_span.end,
        "kind": match.kind,
        "similarity": match.similarity,
        "source": judged.source.id,
    }


def _plug_dict(plug: Plug, text: str) -> dict[str, JSON]:
    shown: dict[str, JSON] = {
        "start": plug.span.start,
        "end": plug.span.end,
        "text": plug.span.of(text),
        "brand": plug.brand,
        "probability": round(plug.probability, 4),
        "why": plug.why,
    }
    return shown | {"domain": plug.domain} if plug.domain else shown


def _credit_dict(credit: Credit) -> dict[str, JSON]:
    return {
        "status": credit.status,
        "evidence": [
            {"start": e.start, "end": e.end, "text": e.text, "status": e.status, "why": e.why}
            for e in credit.evidence
        ],
        "quoted_share": credit.quoted_share,
    }


def _finding_dict(article: Article, finding: Finding) -> dict[str, JSON]:
    there = finding.elsewhere
    return {
        "start": finding.span.start,
        "end": finding.span.end,
        "text": finding.span.of(article.text),
        "kind": finding.kind,
        "verdict": finding.verdict,
        "probability": round(finding.probability, 4),
        "source_start": there.span.start if there else None,
        "source_end": there.span.end if there else None,
        "source_text": there.text if there else None,
        "source": there.source.id if there else None,
        "why": finding.why,
    }


_IN_WORDS = {
    Relation.COPY: "a copy, near-verbatim",
    Relation.SPUN: "spun: word-by-word synonyms in the same order",
    Relation.REWRITE: "a rewrite in other words",
    Relation.SUMMARY: "a summary",
    Relation.MOSAIC: "woven together from two sources",
    Relation.HEADLINE_ONLY: "headline and gist only; the body is not in the source",
    Relation.SAME_EVENT: "an independent report of the same news",
    Relation.NONE: "no relation found",
}


def _lines(report: Report, width: int) -> Iterator[str]:
    article, verdict = report.article, report.verdict
    width = max(width, NARROWEST)
    yield from wrap(article.title or shorten(article.text, 80), width)
    yield f"  {_where_and_when(article)}{_counted(article.words, 'word')}"
    yield ""
    yield from _indented(f"{verdict.label.upper()}  {_summed_up(verdict)}", 2, width)
    if report.names_source:
        status = report.credit.status
        credit = "" if status == "not-applicable" else f", {status}"
        yield f"  probability of derivation {probability_shown(verdict.probability)}{credit}"
        yield "  (evidence for an editor to weigh, not a judgment of guilt)"
        for judged, share in zip(verdict.sources, verdict.shares, strict=True):
            yield from _source_lines(judged, width, share=share)
        for judged in verdict.chain:
            source = judged.source
            name = source.title or shorten(source.text, 70)
            words = f"  then    {name} ({_where_and_when(source)}id {source.id}) tells the same"
            yield from wrap(f"{words}; it may have passed it on", width, subsequent_indent=" " * 10)
    yield from _reason_lines(report, width)
    yield from _fabrication_lines(report, width)
    yield from _passage_lines(report, width)
    yield from _plug_lines(report, width)


def _summed_up(verdict: Verdict) -> str:
    if any(reason.signal == "published_first" for reason in verdict.reasons):
        return "it came before the supposed source"
    return _IN_WORDS[verdict.relation]


def probability_shown(value: float) -> str:
    """Return a probability as a text shows it: never as certain."""
    return f"over {NEARLY_CERTAIN}" if value > NEARLY_CERTAIN else f"{value:.2f}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _indented(text: str, by: int, width: int) -> list[str]:
    return indent("\n".join(wrap(text, width - by)), " " * by).splitlines()


def _where_and_when(article: Article) -> str:
    date = article.published.date().isoformat() if article.published else None
    known = [part for part in (article.site, date) if part]
    return "".join(f"{part}, " for part in known)


def _source_lines(judged: Judged, width: int, *, share: float) -> Iterator[str]:
    source, alignment = judged.source, judged.evidence.alignment
    about = [
        source.title or shorten(source.text, 70),
        f"{_where_and_when(source)}id {source.id}",
        f"{share:.0%} of the article's words match it, "
        f"{alignment.source_coverage:.0%} of the source is used",
    ]
    if judged.evidence.found_by:
        about.insert(2, f"found by {', '.join(judged.evidence.found_by)}")
    lines = [line for part in about for line in wrap(part, width - 10)]
    yield ""
    yield f"  Source  {lines[0]}"
    yield from (" " * 10 + line for line in lines[1:])


def _reason_lines(report: Report, width: int) -> Iterator[str]:
    if report.verdict.reasons:
        yield ""
        yield "  Why  (+ speaks for derivation, − against; in log-odds)"
    for reason in report.verdict.reasons:
        sign = "+" if reason.contribution > 0 else "−"
        number = f"{sign}{abs(reason.contribution):5.2f}" if reason.contribution else "      "
        lines = wrap(reason.says, width - 14)
        yield f"    {number}  {lines[0]}"
        yield from (" " * 12 + line for line in lines[1:])


def _fabrication_lines(report: Report, width: int) -> Iterator[str]:
    if report.fabrications:
        yield ""
        yield f"  Not in the source  ({_counted(len(report.fabrications), 'detail')})"
    for finding in report.fabrications:
        quoted = shorten(finding.span.of(report.article.text), QUOTED, placeholder=" …")
        yield f"    {finding.kind}, {finding.verdict}, {probability_shown(finding.probability)}"
        yield from _indented(
            f"article {finding.span.start}–{finding.span.end}  “{quoted}”", 6, width
        )
        there = finding.elsewhere
        if there:
            quoted = shorten(there.text, QUOTED, placeholder=" …")
            place = f"{there.source.id} {there.span.start}–{there.span.end}"
            yield from _indented(f"source {place}  “{quoted}”", 6, width)
        yield from _indented(finding.why, 6, width)


def _passages_and_matches_outside(report: Report) -> list[tuple[Judged, Match]]:
    """Return the reused stretches, and the matched sentences that are in none of them."""
    outside = [
        pair
        for pair in report.matches
        if not any(_overlap(pair[1].span, passage.span) for _, passage in report.passages)
    ]
    return [*report.passages, *outside]


def _passage_lines(report: Report, width: int) -> Iterator[str]:
    every = _passages_and_matches_outside(report)
    shown = sorted(every, key=lambda pair: -pair[1].span.length)[:SHOWN_PASSAGES]
    if not shown or report.verdict.relation in {Relation.NONE, Relation.SAME_EVENT}:
        return
    yield ""
    yield f"  Where it comes from  (the {len(shown)} longest of {len(every)} places)"
    for judged, match in sorted(shown, key=lambda pair: pair[1].span):
        here, there = match.span, match.source_span
        from_which = f", from {judged.source.id}" if len(report.verdict.sources) > 1 else ""
        yield f"    {match.kind}, {match.similarity:.2f}{from_which}"
        for name, span, text in (
            ("article", here, report.article.text),
            ("source ", there, judged.source.text),
        ):
            quoted = shorten(span.of(text), QUOTED, placeholder=" …")
            place = f"      {name} {span.start}–{span.end}  "
            lines = wrap(f"“{quoted}”", width - len(place))
            yield place + lines[0]
            yield from indent("\n".join(lines[1:]), " " * len(place)).splitlines()


def _plug_lines(report: Report, width: int) -> Iterator[str]:
    if report.plugs:
        yield ""
        yield "  Advertisements that do not belong to the story"
    for plug in report.plugs:
        where = f"{plug.span.start}–{plug.span.end}"
        yield f"    {plug.brand}, {probability_shown(plug.probability)}, at {where}"
        quoted = shorten(plug.span.of(report.article.text), QUOTED, placeholder=" …")
        yield from _indented(f"“{quoted}”", 6, width)
        yield from _indented(plug.why, 6, width)
