"""A report: one article, the verdict on it, and the evidence, as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detector.alignment import Match
from detector.article import Article, Span
from detector.evidence.credit import Credit
from detector.evidence.fabrication import Finding
from detector.evidence.plugs import Plug
from detector.evidence.style import Style
from detector.verdict import Judged, Label, Reason, Verdict, names_source

SCHEMA_VERSION = 1
# A terminal line that reads well.
WIDTH = 96
# The findings that this version looks for; an empty list of any other says nothing.
EXAMINED = ("derivation", "credit", "plugs", "fabrications", "style")

# The style of an article that nobody looked at.
NOT_EXAMINED = Style()

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
        fabrications: details that no named source has, in the order of the article.
        style: marks of spinning and of writing programs; they ground no verdict.
    """

    article: Article
    verdict: Verdict
    provenance: Provenance
    plugs: tuple[Plug, ...] = ()
    fabrications: tuple[Finding, ...] = ()
    style: Style = NOT_EXAMINED

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
        return self.verdict.credit

    def to_dict(self, *, with_text: bool = False) -> dict[str, JSON]:
        """Return the report as JSON-ready values, in the schema of the public contract.

        Args:
            with_text: carry the texts that the places are in: the article's, and under
                ``source_texts`` those of the sources that are named.
        """
        verdict = self.verdict
        article = _article_dict(self.article)
        texts: dict[str, JSON] = {}
        if with_text:
            article["text"] = self.article.text
            named = verdict.sources if self.names_source else ()
            texts["source_texts"] = [
                _article_dict(judged.source) | {"text": judged.source.text} for judged in named
            ]
        return {
            "schema_version": SCHEMA_VERSION,
            "article": article,
            "verdict": {
                "label": str(verdict.label),
                "risk": round(verdict.risk, 4),
                "reasons": [_reason_dict(reason) for reason in verdict.reasons],
                "risk_reasons": [_reason_dict(reason) for reason in verdict.risk_reasons],
            },
            "derivation": self._derivation_dict(),
            "credit": _credit_dict(self.credit),
            "plugs": [_plug_dict(plug, self.article.text) for plug in self.plugs],
            "fabrications": [_finding_dict(self.article, f) for f in self.fabrications],
            "passages": [_match_dict(judged, match) for judged, match in self.passages],
            "alignment": [_match_dict(judged, match) for judged, match in self.matches],
            "style": _style_dict(self.style, self.article.text),
            "boilerplate": [
                _place_dict(span, self.article.text) for span in self.article.boilerplate
            ],
            "provenance": self.provenance.to_dict(),
            **texts,
        }

    def text(self, *, width: int = WIDTH) -> str:
        """Return the report for reading in a terminal."""
        from detector.wording import report_lines  # it builds on this module

        return "\n".join(report_lines(self, width))

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
            shown["source"] = _source_dict(best)
            shown["found_by"] = list(best.evidence.found_by)
            shown["coverage"] = round(alignment.coverage, 4)
            shown["source_coverage"] = round(alignment.source_coverage, 4)
            shown["sources"] = [
                _source_dict(judged) | {"share": round(share, 4)}
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
        if not any(overlap(match.span, other.span) for _, other in kept):
            kept.append((judged, match))
    return tuple(sorted(kept, key=lambda pair: pair[1].span))


def overlap(a: Span, b: Span) -> bool:
    """Tell whether two places share a character."""
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


def _reason_dict(reason: Reason) -> dict[str, JSON]:
    return {
        "signal": reason.signal,
        "value": round(reason.value, 4),
        "contribution": round(reason.contribution, 3),
        "says": reason.says,
    }


def _source_dict(judged: Judged) -> dict[str, JSON]:
    source = _article_dict(judged.source)
    return {name: source[name] for name in ("id", "url", "title", "published")}


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


def _style_dict(style: Style, text: str) -> dict[str, JSON]:
    return {
        "spun": None if style.spun is None else round(style.spun, 4),
        "substituted": None if style.substituted is None else round(style.substituted, 4),
        "chatbot_residue": [
            _place_dict(residue.span, text) | {"kind": residue.kind} for residue in style.residue
        ],
        "stock_phrases": [_place_dict(span, text) for span in style.stock_phrases],
        "odd_words": [_place_dict(span, text) for span in style.odd_words],
        "exchanged_words": [
            _place_dict(exchange.span, text)
            | {
                "source_start": exchange.source_span.start,
                "source_end": exchange.source_span.end,
                "source_text": exchange.source_span.of(exchange.source.text),
                "source": exchange.source.id,
            }
            for exchange in style.exchanges
        ],
    }


def _place_dict(span: Span, text: str) -> dict[str, JSON]:
    return {"start": span.start, "end": span.end, "text": span.of(text)}
