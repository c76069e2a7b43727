"""A bundle of the evidence: what a take-down request needs, in one zip file that can be checked.

For each article it holds the text examined, the texts of its sources, the report as JSON and as a
page; ``manifest.json`` names every file with its SHA-256, the times, and what found it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from detector.errors import BadInput
from detector.render.page import CAUTION, page_of_report, part
from detector.report import JSON
from detector.results import EXPECTED, Result, read_report, read_results
from detector.version import __version__

# The earliest time that a zip file can name: the same evidence gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_README = f"""Evidence on derivative articles, made by derivative-detector {__version__}.

{CAUTION}

manifest.json   every file with its SHA-256, when this was made, what found it
NNNN/article.txt   the text that was examined; all places are character offsets into it
NNNN/source-N.txt  the texts it is compared with
NNNN/report.json   the findings
NNNN/report.html   the same for reading, in any browser, without the network

Check the files against the manifest with 'sha256sum', or any other program.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the bundle."""

    name: str
    content: bytes


def write_bundle(scan: Path, output: BinaryIO, *, made: datetime | None = None) -> int:
    """Write the bundle of all articles of a scan that were called derivative, or of one report.

    Args:
        scan: what ``detector scan --with-text`` or ``detector score --format json`` wrote.
        output: the zip file.
        made: when; the clock's time when absent.

    Returns:
        The number of articles in it.

    Raises:
        BadInput: no report there, or one without the texts that are the evidence.
    """
    results = [item for item in read_results(scan) if isinstance(item, Result)]
    if not results:
        raise BadInput(f"{scan} holds no report: {EXPECTED}")
    wanted = results if len(results) == 1 else [r for r in results if r.has_findings]
    if not wanted:
        raise BadInput(f"{scan} holds no article with findings: there is nothing to bundle")
    files: list[JSON] = []
    articles: list[JSON] = []
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, result in enumerate(wanted, 1):
            report = read_report(scan, result.offset)
            if not isinstance(part(report, "article").get("text"), str):
                raise BadInput(
                    f"{scan} carries no texts, which are the evidence: scan or score --with-text"
                )
            articles.append(_about(report, f"{number:04}"))
            files += [_write(bundle, piece) for piece in _pieces(report, f"{number:04}")]
        files.append(_write(bundle, Piece("README.txt", _README.encode())))
        manifest: JSON = {
            "detector": __version__,
            "made": (made or datetime.now(UTC)).isoformat(timespec="seconds"),
            "caution": CAUTION,
            "articles": articles,
            "files": files,
        }
        _write(bundle, Piece("manifest.json", _json(manifest)))
    return len(wanted)


def _write(bundle: zipfile.ZipFile, piece: Piece) -> JSON:
    bundle.writestr(zipfile.ZipInfo(piece.name, _NO_TIME), piece.content, zipfile.ZIP_DEFLATED)
    return {
        "name": piece.name,
        "bytes": len(piece.content),
        "sha256": sha256(piece.content).hexdigest(),
    }


def _pieces(report: dict[str, JSON], folder: str) -> Iterator[Piece]:
    texts = [part(report, "article"), *_sources(report)]
    names = ["article.txt", *(f"source-{n}.txt" for n in range(1, len(texts)))]
    for name, text in zip(names, texts, strict=True):
        yield Piece(f"{folder}/{name}", _bytes(str(text.get("text") or "")))
    yield Piece(f"{folder}/report.json", _json(report))
    yield Piece(f"{folder}/report.html", _bytes("".join(page_of_report(report))))


def _about(report: dict[str, JSON], folder: str) -> JSON:
    """Return who says what about whom, with the times and versions behind it."""
    return {
        "folder": folder,
        "article": _origin(part(report, "article")),
        "sources": [_origin(source) for source in _sources(report)],
        "verdict": part(report, "verdict").get("label"),
        "relation": part(report, "derivation").get("relation"),
        "probability": part(report, "derivation").get("probability"),
        "credit": part(report, "credit").get("status"),
        "provenance": part(report, "provenance"),
    }


def _origin(text: dict[str, JSON]) -> JSON:
    known: JSON = {name: text.get(name) for name in ("id", "url", "site", "title", "published")}
    return known


def _sources(report: dict[str, JSON]) -> list[dict[str, JSON]]:
    found = report.get("source_texts")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _json(value: JSON) -> bytes:
    return _bytes(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _bytes(text: str) -> bytes:
    # a lone surrogate has no UTF-8
    return text.encode("utf8", "replace")
