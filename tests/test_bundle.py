"""Claims about the bundle of evidence: complete, checkable, the same for the same evidence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from detector.errors import BadInput
from detector.render.bundle import write_bundle
from detector.report import Report

Examined = Callable[[str], Report]
MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def scan_of(folder: Path, reports: list[Report], *, with_text: bool = True) -> Path:
    """Write reports as a scan does."""
    path = folder / "found.jsonl"
    lines = [json.dumps(report.to_dict(with_text=with_text)) + "\n" for report in reports]
    path.write_text("".join(lines), encoding="utf8")
    return path


def bundle_of(scan: Path) -> tuple[int, bytes]:
    output = io.BytesIO()
    count = write_bundle(scan, output, made=MADE)
    return count, output.getvalue()


def test_every_file_is_listed_with_its_hash(examined: Examined, tmp_path: Path) -> None:
    count, content = bundle_of(scan_of(tmp_path, [examined("eel-d2"), examined("eel-h1")]))
    assert count == 1  # the honest one is no evidence
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        listed = {file["name"]: file for file in manifest["files"]}
        assert {*listed, "manifest.json"} == {*bundle.namelist()}
        for name, file in listed.items():
            read = bundle.read(name)
            assert file["sha256"] == sha256(read).hexdigest()
            assert file["bytes"] == len(read)
    assert manifest["made"] == "2026-01-02T03:04:05+00:00"
    (article,) = manifest["articles"]
    assert article["verdict"] == "derivative"
    assert article["provenance"]["models"]


def test_it_holds_the_texts_that_the_findings_point_into(
    examined: Examined, tmp_path: Path
) -> None:
    report = examined("eel-d2")
    _, content = bundle_of(scan_of(tmp_path, [report]))
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        text = bundle.read("0001/article.txt").decode("utf8")
        source = bundle.read("0001/source-1.txt").decode("utf8")
        page = bundle.read("0001/report.html").decode("utf8")
    assert text == report.article.text
    assert source == report.verdict.sources[0].source.text
    assert page.startswith("<!doctype html>")
    for finding in report.fabrications:
        assert text[finding.span.start : finding.span.end].strip()


def test_the_same_evidence_gives_the_same_bytes(examined: Examined, tmp_path: Path) -> None:
    scan = scan_of(tmp_path, [examined("eel-d2")])
    assert bundle_of(scan) == bundle_of(scan)


def test_no_name_leaves_the_folder_it_is_unpacked_into(examined: Examined, tmp_path: Path) -> None:
    _, content = bundle_of(scan_of(tmp_path, [examined("eel-d2"), examined("ports-d2")]))
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        for name in bundle.namelist():
            assert not name.startswith("/")
            assert ".." not in name
            assert str(tmp_path) not in name
        assert str(tmp_path).encode() not in content


def test_what_is_no_evidence_is_refused_in_one_line(examined: Examined, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="carries no texts"):
        bundle_of(scan_of(tmp_path, [examined("eel-d2")], with_text=False))
    with pytest.raises(BadInput, match="no article with findings"):
        bundle_of(scan_of(tmp_path, [examined("eel-h1"), examined("eel-h1")]))
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf8")
    with pytest.raises(BadInput, match="holds no report"):
        bundle_of(empty)
