"""A scan as one page: each listed article is a row; its report is unpacked when it is read."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from detector.errors import BadInput
from detector.render.page import CAUTION, Block, Way, json_block, page, part
from detector.report import JSON
from detector.results import EXPECTED, NamedSource, Result, Unread, read_report, read_results
from detector.sites import Site, network_dict, networks_of, site_dict, sites_of

# A browser sorts and filters this many rows at once without a pause.
MOST_ROWS = 20_000
# The largest page that mail and browsers take well is some 30 MB: 23 of it for reports with their
# texts, 4 for reports without; the rest is rows, sites and the page itself.
TEXT_BYTES = 23_000_000
REPORT_BYTES = 27_000_000
# This many reports are unpacked together: fast to open, and alike enough to pack well.
PACK = 32
MOST_SITES = 200
MOST_NETWORKS = 12


@dataclass
class _Counts:
    """What the whole scan holds, whatever the page lists."""

    labels: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    with_plugs: int = 0
    with_inventions: int = 0
    failed: int = 0

    def add(self, item: Result | Unread) -> None:
        if isinstance(item, Unread):
            self.failed += 1
            return
        self.labels[item.label] += 1
        self.relations[item.relation] += 1
        self.with_plugs += bool(item.plugs)
        self.with_inventions += bool(item.inventions)

    def to_dict(self, sites: int) -> dict[str, JSON]:
        return {
            "examined": self.labels.total(),
            "labels": dict(sorted(self.labels.items())),
            "relations": dict(sorted(self.relations.items())),
            "with_plugs": self.with_plugs,
            "with_inventions": self.with_inventions,
            "failed": self.failed,
            "sites": sites,
        }


class _Packer:
    """Gathers JSON values into packs; each is compressed as soon as it is full."""

    def __init__(self, series: str) -> None:
        self.series = series
        self.count = 0
        self.bytes = 0
        self.blocks: list[Block] = []
        self._open: list[JSON] = []

    def add(self, value: JSON) -> int:
        """Keep a value and return its place."""
        self._open.append(value)
        self.count += 1
        if len(self._open) == PACK:
            self.close()
        return self.count - 1

    def close(self) -> None:
        """Compress what is still open."""
        if self._open:
            block = packed(f"{self.series}-{len(self.blocks)}", self._open)
            self.bytes += len(block.content)
            self.blocks.append(block)
            self._open = []


def packed(name: str, value: JSON) -> Block:
    """Put a value into the page as compressed JSON, for ``DecompressionStream("gzip")``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # without a time: the same scan gives the same page
    content = gzip.compress(text.encode("utf8", "replace"), 9, mtime=0)
    return Block(name, b64encode(content).decode(), "text/plain")


class _Details:
    """The reports behind the rows, as far as the page has room, and their sources once each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reports = _Packer("reports")
        self.sources = _Packer("sources")
        self.without_text = 0
        self.left_out = 0
        self._places: dict[tuple[str, str], int] = {}

    @property
    def bytes(self) -> int:
        return self.reports.bytes + self.sources.bytes

    def add(self, result: Result) -> int | None:
        """Keep the report of a row; None when there is no room for it."""
        if self.bytes > REPORT_BYTES:
            self.left_out += 1
            return None
        report = read_report(self.path, result.offset)
        texts = report.pop("source_texts", None)
        if self.bytes > TEXT_BYTES:
            if part(report, "article").pop("text", None) is not None:
                report["texts_left_out"] = True
                self.without_text += 1
        elif isinstance(texts, list):
            report["source_texts"] = [self._place(t) for t in texts if isinstance(t, dict)]
        return self.reports.add(report)

    def _place(self, source: dict[str, JSON]) -> int:
        key = (str(source.get("id")), str(source.get("text")))
        if key not in self._places:
            self._places[key] = self.sources.add(source)
        return self._places[key]

    def blocks(self) -> list[Block]:
        self.reports.close()
        self.sources.close()
        return [*self.reports.blocks, *self.sources.blocks]


def page_of_scan(path: Path, ways: Sequence[Way] = (), *, name: str | None = None) -> Iterator[str]:
    """Yield the page of a whole scan, in pieces.

    Args:
        path: the JSON lines that ``detector scan`` wrote; with ``--with-text`` the page shows
            the texts side by side.
        ways: links at its head.
        name: what was scanned; the file's own name when absent.

    Raises:
        BadInput: the file holds no report, or something else.
    """
    counts = _Counts()
    results: list[Result] = []
    for item in read_results(path):
        counts.add(item)
        if isinstance(item, Result):
            results.append(item)
    if not results:
        raise BadInput(f"{path} holds no report: {EXPECTED}")
    sites = sites_of(results)
    listed = sorted(results, key=_worth)[:MOST_ROWS]
    sources = _numbered(listed)
    details = _Details(path)
    rows: list[JSON] = [
        _row(n, result, details.add(result), sources) for n, result in enumerate(listed)
    ]
    head: dict[str, JSON] = {
        "name": name or path.name,
        "pack": PACK,
        "counts": counts.to_dict(len(sites)),
        "notes": list(_notes(details, listed=len(listed), examined=len(results))),
        "sources": [_source(source) for source in sources],
        **_sites(sites, results),
    }
    summary = [
        f"Scan {path.name}: {len(results)} articles examined",
        "The table is shown by a script; this browser runs none.",
        CAUTION,
    ]
    blocks = [json_block("scan", head), packed("rows", rows), *details.blocks()]
    return page(f"{path.name} · scan", summary, blocks, ways)


def _worth(result: Result) -> tuple[bool, bool, float, int]:
    """Sort key: what there is to look at first."""
    return (not result.is_flagged, not result.has_findings, -result.risk, result.offset)


def _notes(details: _Details, *, listed: int, examined: int) -> Iterator[str]:
    """Say what is left out, with counts; nothing is cut silently."""
    if listed < examined:
        yield (
            f"The table lists {listed:,} of {examined:,} articles, those with findings first; "
            f"{examined - listed:,} are only counted."
        )
    if details.without_text:
        yield (
            f"To keep the file small, the texts of {details.without_text:,} articles are left out; "
            "their places and quoted spans are shown alone."
        )
    if details.left_out:
        yield f"The reports of {details.left_out:,} articles are left out; they have a row only."


def _numbered(listed: list[Result]) -> dict[NamedSource, int]:
    sources = dict.fromkeys(result.source for result in listed if result.source)
    return {source: n for n, source in enumerate(sources)}


def _source(source: NamedSource) -> dict[str, JSON]:
    at = source.published.isoformat() if source.published else None
    return {"id": source.id, "title": source.title, "site": source.site, "at": at}


def _row(
    n: int, result: Result, report: int | None, sources: dict[NamedSource, int]
) -> dict[str, JSON]:
    lag = result.lag_hours
    return {
        "n": n,
        "report": report,
        "id": result.id,
        "title": result.title,
        "site": result.site,
        "at": result.published.isoformat() if result.published else None,
        "label": result.label,
        "relation": result.relation,
        "from": sources[result.source] if result.source else None,
        "lag": None if lag is None else round(lag, 2),
        "coverage": result.coverage,
        "inventions": len(result.inventions),
        "contradicted": sum(each.verdict == "contradicted" for each in result.inventions),
        "plugs": len(result.plugs),
        "credit": result.credit,
        "risk": result.risk,
    }


def _sites(sites: tuple[Site, ...], results: list[Result]) -> dict[str, JSON]:
    networks = networks_of(results)
    return {
        "sites": [site_dict(site) for site in sites[:MOST_SITES]],
        "sites_left_out": max(0, len(sites) - MOST_SITES),
        "networks": [network_dict(network) for network in networks[:MOST_NETWORKS]],
        "networks_left_out": max(0, len(networks) - MOST_NETWORKS),
    }
