"""``detector score`` and ``detector compare``: one article."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detector.cli.inputs import detector_for, encoder_named, fetcher_for, one_article
from detector.cli.options import (
    ACCESS,
    ENCODER,
    FAIL_ON,
    FLAGGED,
    REPORT_FORM,
    SOURCES,
    WITH_TEXT,
    options,
)
from detector.cli.outputs import write_pieces

if TYPE_CHECKING:
    from detector.report import Report


@click.command()
@click.argument("input")
@SOURCES
@options(REPORT_FORM, WITH_TEXT, FAIL_ON, ACCESS)
def score(
    input: str,
    folder: str | None,
    sources: tuple[str, ...],
    encoder: str | None,
    form: str | None,
    output: Path | None,
    with_text: bool,
    fail_on: str | None,
    allow_private: bool,
    ignore_robots: bool,
) -> None:
    """Examine one article: an address, an HTML, text or JSON file, or - for stdin.

    \b
    Examples:
      detector score suspect.html --index sources.index
      detector score suspect.html --index sources.index -o report.html
      detector score https://site.example/story --index sources.index
    """
    fetcher = fetcher_for(
        [input, *sources], allow_private=allow_private, ignore_robots=ignore_robots
    )
    detector = detector_for(folder, sources, encoder, fetcher=fetcher)
    report = detector.examine(one_article(input, fetcher))
    write_pieces(output, _pieces(report, form, output, with_text=with_text))
    if fails_on(report, fail_on):
        raise SystemExit(FLAGGED)


@click.command()
@click.argument("suspect")
@click.argument("source")
@options(ENCODER, REPORT_FORM, WITH_TEXT, FAIL_ON, ACCESS)
def compare(
    suspect: str,
    source: str,
    encoder: str | None,
    form: str | None,
    output: Path | None,
    with_text: bool,
    fail_on: str | None,
    allow_private: bool,
    ignore_robots: bool,
) -> None:
    """Examine one pair, files or addresses: was SUSPECT made from SOURCE?

    \b
    Examples:
      detector compare suspect.html source.html
      detector compare suspect.html source.html -o report.html
    """
    from detector.pipeline import compare as compare_articles

    fetcher = fetcher_for(
        [suspect, source], allow_private=allow_private, ignore_robots=ignore_robots
    )
    report = compare_articles(
        one_article(suspect, fetcher), one_article(source, fetcher), encoder=encoder_named(encoder)
    )
    write_pieces(output, _pieces(report, form, output, with_text=with_text))
    if fails_on(report, fail_on):
        raise SystemExit(FLAGGED)


def rendered(report: Report, form: str, *, with_text: bool, to_stdout: bool) -> str:
    """Return a report in the form that was asked for; text suits the terminal, if it is one."""
    if form == "text":
        return "\n".join(_text_lines(report, to_stdout=to_stdout)) + "\n"
    indent = 1 if form == "json" else None
    return json.dumps(report.to_dict(with_text=with_text), indent=indent, ensure_ascii=False)


def _text_lines(report: Report, *, to_stdout: bool) -> Iterable[str]:
    from detector.cli.terminal import has_colours, painted, width_for
    from detector.report import WIDTH

    width = width_for(WIDTH) if to_stdout else WIDTH
    lines = report.text(width=width).split("\n")
    return painted(lines) if to_stdout and has_colours() else lines


def _form_of(output: Path | None) -> str:
    """Return the form that a file's ending stands for."""
    endings = {
        ".html": "html",
        ".htm": "html",
        ".json": "json",
        ".jsonl": "jsonl",
        ".sarif": "sarif",
    }
    return endings.get(output.suffix.lower(), "text") if output else "text"


def _pieces(
    report: Report, form: str | None, output: Path | None, *, with_text: bool
) -> Iterable[str]:
    form = form or _form_of(output)
    if form == "html":
        from detector.render import page_of_report

        return page_of_report(report.to_dict(with_text=True))
    if form == "sarif":
        from detector.render import sarif

        log = json.dumps(sarif(report.to_dict(with_text=True)), indent=1, ensure_ascii=False)
        return [log.encode("utf8", "replace").decode() + "\n"]
    return [rendered(report, form, with_text=with_text, to_stdout=output is None) + "\n"]


def fails_on(report: Report, fail_on: str | None) -> bool:
    """Tell whether a report holds a finding of the kind that the user asked to fail on."""
    found = {
        "derivative": report.is_flagged,
        "plug": bool(report.plugs),
        "fabrication": bool(report.fabrications),
    }
    return any(found.values()) if fail_on == "any" else found.get(fail_on or "", False)
