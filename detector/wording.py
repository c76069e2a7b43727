"""A report in words, for reading in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import indent, shorten, wrap

from detector.alignment import Match
from detector.article import Article, Span
from detector.report import Report, overlap
from detector.verdict import Judged, Reason, Relation, Verdict

# Quoted stretches are shortened to two lines of a terminal.
QUOTED = 150
# Below this width nothing can be shown side by side.
NARROWEST = 48
# From this width on, two columns of quotations read well side by side.
SIDE_BY_SIDE = 100
# The text form shows the longest passages and matches; the JSON has all.
SHOWN_PASSAGES = 6
# A few examples of words show how a text was spun.
SHOWN_WORDS = 6
# No evidence makes anything certain, however the digits round.
NEARLY_CERTAIN = 0.99

IN_WORDS = {
    Relation.COPY: "a copy, near-verbatim",
    Relation.SPUN: "spun: word-by-word synonyms in the same order",
    Relation.REWRITE: "a rewrite in other words",
    Relation.SUMMARY: "a summary",
    Relation.MOSAIC: "woven together from two sources",
    Relation.HEADLINE_ONLY: "headline and gist only; the body is not in the source",
    Relation.SAME_EVENT: "an independent report of the same news",
    Relation.NONE: "no relation found",
}


# What steers a terminal, or turns the direction of what is written around it.
_STEERING = {
    code: None
    for code in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def report_lines(report: Report, width: int) -> Iterator[str]:
    """Yield the lines of a report, none longer than ``width``; no article steers a terminal."""
    for line in _lines(report, width):
        yield line.translate(_STEERING)


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
    yield from _boilerplate_lines(article, width)
    yield from _reason_lines(verdict, width)
    yield from _fabrication_lines(report, width)
    yield from _passage_lines(report, width)
    yield from _plug_lines(report, width)
    yield from _style_lines(report, width)


def _summed_up(verdict: Verdict) -> str:
    if any(reason.signal == "published_first" for reason in verdict.reasons):
        return "it came before the supposed source"
    return IN_WORDS[verdict.relation]


def probability_shown(value: float) -> str:
    """Return a probability as a text shows it: never as certain."""
    return f"over {NEARLY_CERTAIN}" if value > NEARLY_CERTAIN else f"{value:.2f}"


def risk_shown(value: float) -> str:
    """Return a risk as a text shows it: never as certain, either way."""
    return (
        f"under {1 - NEARLY_CERTAIN:.2f}"
        if value < 1 - NEARLY_CERTAIN
        else probability_shown(value)
    )


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


def _boilerplate_lines(article: Article, width: int) -> Iterator[str]:
    if article.boilerplate:
        first = shorten(article.boilerplate[0].of(article.text), QUOTED, placeholder=" …")
        places = _counted(len(article.boilerplate), "place")
        words = f"Left out of matching, since {article.site} has it on other pages too: {places}"
        yield ""
        yield from _indented(f"{words}, first “{first}”", 2, width)


def _reason_lines(verdict: Verdict, width: int) -> Iterator[str]:
    """Yield what speaks for derivation and against, and then what all findings sum up to."""
    if verdict.reasons:
        yield ""
        yield "  Why  (+ speaks for derivation, − against; in log-odds)"
        yield from _weighed(verdict.reasons, width)
    yield ""
    heading = f"Should an editor look?  {risk_shown(verdict.risk)}  (all findings; + speaks for it)"
    yield from _indented(heading, 2, width)
    yield from _weighed(verdict.risk_reasons, width)
    if not verdict.risk_reasons:
        yield "    nothing was found that speaks for it"


def _weighed(reasons: Sequence[Reason], width: int) -> Iterator[str]:
    for reason in reasons:
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
        if not any(overlap(pair[1].span, passage.span) for _, passage in report.passages)
    ]
    return [*report.passages, *outside]


def _passage_lines(report: Report, width: int) -> Iterator[str]:
    every = _passages_and_matches_outside(report)
    shown = sorted(every, key=lambda pair: -pair[1].span.length)[:SHOWN_PASSAGES]
    if not shown or report.verdict.relation in {Relation.NONE, Relation.SAME_EVENT}:
        return
    yield ""
    most = f"the {len(shown)} longest of " if len(shown) < len(every) else ""
    yield f"  Where it comes from  ({most}{_counted(len(every), 'place')})"
    for judged, match in sorted(shown, key=lambda pair: pair[1].span):
        here, there = match.span, match.source_span
        from_which = f", from {judged.source.id}" if len(report.verdict.sources) > 1 else ""
        yield f"    {match.kind}, {match.similarity:.2f}{from_which}"
        if width >= SIDE_BY_SIDE:
            yield from _side_by_side(
                (f"article {here.start}–{here.end}", _quoted(here, report.article.text)),
                (f"source {there.start}–{there.end}", _quoted(there, judged.source.text)),
                width,
            )
            continue
        for name, span, text in (
            ("article", here, report.article.text),
            ("source ", there, judged.source.text),
        ):
            quoted = shorten(span.of(text), QUOTED, placeholder=" …")
            place = f"      {name} {span.start}–{span.end}  "
            lines = wrap(f"“{quoted}”", width - len(place))
            yield place + lines[0]
            yield from indent("\n".join(lines[1:]), " " * len(place)).splitlines()


def _quoted(span: Span, text: str) -> str:
    # columns are narrow and lines are many: a passage may be longer here
    return f"“{shorten(span.of(text), 2 * QUOTED, placeholder=' …')}”"


def _side_by_side(left: tuple[str, str], right: tuple[str, str], width: int) -> Iterator[str]:
    """Yield two quotations in two columns, each under its place."""
    column = (width - 6 - 3) // 2
    columns = [[place, *wrap(quoted, column)] for place, quoted in (left, right)]
    for one, other in zip_longest(*columns, fillvalue=""):
        yield f"      {one:<{column}} │ {other}".rstrip()


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


def _style_lines(report: Report, width: int) -> Iterator[str]:
    """Yield what is notable about the style, with the words themselves."""
    style, text = report.style, report.article.text
    if style.is_notable:
        yield ""
        yield "  Style  (marks of how the text was made; no ground for a verdict)"
    for residue in style.residue:
        where = f"{residue.span.start}–{residue.span.end}"
        said = f"a writing program's words ({residue.kind}), at {where}:"
        yield from _indented(f"{said} “{_shown(residue.span, text)}”", 4, width)
    if style.is_spun:
        yield from _indented(_spun(report), 4, width)
    if style.is_template:
        quoted = ", ".join(f"“{_shown(span, text)}”" for span in style.stock_phrases[:SHOWN_WORDS])
        count = _counted(len(style.stock_phrases), "stock phrase")
        yield from _indented(f"{count} in {style.words:,} words: {quoted}", 4, width)


def _spun(report: Report) -> str:
    """Say which words were exchanged, or stand where nobody expects them."""
    style, text = report.style, report.article.text
    if style.substituted is None:
        quoted = ", ".join(f"“{_shown(span, text)}”" for span in style.odd_words)
        return (
            f"the wording is that of spun text, {probability_shown(style.spun or 0.0)}; "
            f"words that their neighbours seldom have beside them: {quoted}"
        )
    examples = ", ".join(
        f"“{_shown(e.source_span, e.source.text)}” → “{_shown(e.span, text)}”"
        for e in style.exchanges[:SHOWN_WORDS]
    )
    return (
        "the source's words were exchanged one by one, "
        f"{probability_shown(style.substituted)}: {examples}"
    )


def _shown(span: Span, text: str) -> str:
    return shorten(span.of(text), QUOTED, placeholder=" …")
