"""Reports for people and for review tools: HTML in one file, SARIF, a bundle of the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from detector.render.bundle import write_bundle
from detector.render.page import Way, page_of_report
from detector.render.sarif import sarif
from detector.render.scanned import page_of_scan
from detector.results import Result, read_report, read_results

__all__ = ["Way", "page_of_file", "page_of_report", "page_of_scan", "sarif", "write_bundle"]


def page_of_file(path: Path, ways: Sequence[Way] = (), *, name: str | None = None) -> Iterator[str]:
    """Yield the page of what ``detector scan`` or ``detector score`` wrote, in pieces.

    Args:
        path: the JSON or JSON lines.
        ways: links at its head.
        name: what was scanned; the file's own name when absent.

    Raises:
        BadInput: the file holds no report, or something else.
    """
    first = list(islice(read_results(path), 2))
    if len(first) == 1 and isinstance(first[0], Result):
        return page_of_report(read_report(path, first[0].offset), ways)
    return page_of_scan(path, ways, name=name)
